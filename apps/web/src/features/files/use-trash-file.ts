/** Moves files to the trash, and back when that was a mistake. */
import { ERROR_CODES } from '@studio/contracts/error-code'
import type { File } from '@studio/contracts/file'
import type { FileFates } from '@studio/contracts/file-life'
import type { ProjectId } from '@studio/contracts/project'
import { describeError } from '../../describe-error.ts'
import { trpc } from '../../trpc.ts'
import { notify } from '../../ui/notices.tsx'

/** Why it did not happen; `undefined` when it did. */
function refusalOf({ items: [fate] }: FileFates): string | undefined {
  return fate?.status === 'error' ? ERROR_CODES[fate.code].message : undefined
}

/**
 * The file leaves the list at once, and comes back by itself when it could not be trashed. The mutations outlive the component
 * that asks for them: the viewer closes while they are under way.
 */
export function useTrashFile(projectId: ProjectId): (file: File) => void {
  const utils = trpc.useUtils()
  const reread = () => utils.files.list.invalidate({ projectId })

  async function change(
    file: File,
    mutate: (change: { fileIds: File['id'][] }) => Promise<FileFates>,
    failure: string,
  ): Promise<boolean> {
    const refusal = await mutate({ fileIds: [file.id] }).then(
      refusalOf,
      (error: unknown) => describeError(error).message,
    )
    if (refusal !== undefined) notify('error', `${failure} ${refusal}`)
    await reread()
    return refusal === undefined
  }

  async function restore(file: File): Promise<void> {
    const { mutate } = utils.client.files.restore
    if (await change(file, mutate, `“${file.name}” stays in the trash.`))
      notify('info', `“${file.name}” is back.`)
  }

  return (file) => {
    utils.files.list.setData({ projectId }, (files) => files?.filter(({ id }) => id !== file.id))
    const { mutate } = utils.client.files.trash
    void change(file, mutate, `“${file.name}” was not moved to the trash.`).then((isTrashed) => {
      if (isTrashed)
        notify('info', `“${file.name}” is in the trash.`, { label: 'Undo', run: () => void restore(file) })
    })
  }
}
