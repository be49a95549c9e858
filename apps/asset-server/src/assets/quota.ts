/** `assets quota`: what a project takes up, and what it may. */
import { projectIdSchema } from '@studio/contracts/project'
import { UsageError, type AssetsCommand } from './command.ts'
import { sizeText } from './table.ts'

/** `10GiB`, `500`, `1.5TiB`: whole bytes in the end. */
const SIZE = /^(\d+(?:\.\d+)?)([KMGT]iB)?$/
const UNITS = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const

function readQuota(text: string): number | 'none' | 'default' {
  if (text === 'none' || text === 'default') return text
  const [, amount, unit] = SIZE.exec(text) ?? []
  const bytes = Number(amount) * (unit === undefined ? 1 : UNITS[unit as keyof typeof UNITS])
  if (!Number.isSafeInteger(bytes)) {
    throw new UsageError(
      `A quota is a number of bytes, such as 500 or 10GiB, or none, or default, not ${JSON.stringify(text)}`,
    )
  }
  return bytes
}

export const quota: AssetsCommand = {
  help: [
    '<project> [size]: what a project takes up; with a size, what it may',
    'size             bytes, or 10GiB; none: no limit; default: the deployment’s PROJECT_QUOTA_BYTES',
  ],
  flags: {},
  positionals: 2,
  async run({ service, args: [project, size] }) {
    const projectId = projectIdSchema.safeParse(project)
    if (!projectId.success)
      throw new UsageError('assets quota <project> [size]: there is no project without an id')
    if (size !== undefined) await service.space.setQuota(projectId.data, readQuota(size))
    const storage = await service.space.find(projectId.data)
    const { usedBytes, quotaBytes } = storage
    const limit = quotaBytes === null ? 'no limit' : `of ${sizeText(quotaBytes)}`
    return {
      json: { projectId: projectId.data, ...storage },
      lines: [`${projectId.data}: ${sizeText(usedBytes)} taken up, ${limit}`],
      findings: false,
    }
  },
}
