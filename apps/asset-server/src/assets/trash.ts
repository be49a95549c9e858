/** `assets trash`: what is in the trash, and when it is purged. */
import type { AssetsCommand } from './command.ts'
import { sizeText, tableLines } from './table.ts'

const SHOWN = 1000

export const trash: AssetsCommand = {
  help: [
    'files in the trash, what is purged next first',
    '--purge-due  purge those whose time is over, for ever',
    '--dry-run    with it: only say how many there are',
  ],
  flags: { 'purge-due': { type: 'boolean' }, 'dry-run': { type: 'boolean' } },
  async run({ service, flags, signal, progress }) {
    const isDue = ({ purgeAt }: { purgeAt: string }): boolean => new Date(purgeAt) <= new Date()
    let purged = 0
    if (flags['purge-due'] === true && flags['dry-run'] !== true) {
      for (let more = 1; more > 0; purged += more) {
        signal.throwIfAborted()
        more = await service.purgeDue()
        progress(`${purged + more} purged`)
      }
    }
    const { files } = await service.listPurges(SHOWN)
    const due = files.filter(isDue).length
    const rows = files.map((file) => [
      file.fileId,
      sizeText(file.size),
      file.trashedAt,
      `${file.purgeAt}${isDue(file) ? ' (due)' : ''}`,
      file.projectId,
      file.name,
    ])
    return {
      json: { files, due, purged },
      lines: [
        ...tableLines(['id', 'size', 'trashed', 'purged at', 'project', 'name'], rows),
        `${files.length} in the trash, ${due} of them due; ${purged} purged`,
      ],
      findings: false,
    }
  },
}
