/** `assets uploads`: what was begun and not finished. */
import type { AssetsCommand } from './command.ts'
import { sizeText, tableLines } from './table.ts'

const SHOWN = 1000

export const uploads: AssetsCommand = {
  help: [
    'unfinished uploads, oldest first',
    '--expire-overdue  end those whose time is over, and remove what they left',
    '--dry-run         with it: only say how many there are',
  ],
  flags: { 'expire-overdue': { type: 'boolean' }, 'dry-run': { type: 'boolean' } },
  async run({ service, flags, progress }) {
    const isOverdue = (upload: { expiresAt: Date }): boolean => upload.expiresAt < new Date()
    const overdue = (await service.listUnfinished(SHOWN)).filter(isOverdue).length
    let removed = 0
    if (flags['expire-overdue'] === true && flags['dry-run'] !== true) {
      progress(`ending ${overdue} overdue uploads`)
      for (let more = 1; more > 0; removed += more) more = await service.expireUploads()
    }
    const unfinished = await service.listUnfinished(SHOWN)
    const rows = unfinished.map((upload) => [
      upload.fileId,
      sizeText(upload.size),
      upload.transport,
      upload.begunAt.toISOString(),
      `${upload.expiresAt.toISOString()}${isOverdue(upload) ? ' (overdue)' : ''}`,
      upload.name,
    ])
    return {
      json: { uploads: unfinished, overdue, removed },
      lines: [
        ...tableLines(['id', 'size', 'transport', 'begun', 'expires', 'name'], rows),
        `${unfinished.length} unfinished, ${unfinished.filter(isOverdue).length} of them overdue; ${removed} removed`,
      ],
      findings: false,
    }
  },
}
