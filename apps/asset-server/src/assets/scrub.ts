/** `assets scrub`: reads files again and compares them with their checksums. */
import { numberFlag, type AssetsCommand } from './command.ts'
import { sizeText } from './table.ts'

const DAY_SECONDS = 24 * 3600

export const scrub: AssetsCommand = {
  help: [
    'read files again, those never read or read longest ago first, and compare checksums',
    '--limit N        at most N files',
    '--rate BYTES     at most so many bytes a second',
    '--again-days N   also files that were read N days ago or before (30)',
    '--dry-run        only list the files that would be read',
  ],
  flags: {
    limit: { type: 'string' },
    rate: { type: 'string' },
    'again-days': { type: 'string' },
    'dry-run': { type: 'boolean' },
  },
  async run({ service, flags, signal, progress }) {
    const [limit, rate, days] = [
      numberFlag(flags, 'limit', 1),
      numberFlag(flags, 'rate', 1),
      numberFlag(flags, 'again-days', 0),
    ]
    const dryRun = flags['dry-run'] === true
    const events: object[] = []
    const lines: string[] = []
    let read = 0
    const report = await service.scrub({
      dryRun,
      ...(limit !== undefined && { limit }),
      ...(rate !== undefined && { bytesPerSecond: rate }),
      ...(days !== undefined && { againAfterSeconds: days * DAY_SECONDS }),
      signal,
      onBytes(bytes) {
        read += bytes
        progress(`${sizeText(read)} read`)
      },
      onEvent(event) {
        if (event.kind === 'intact') return
        events.push(event)
        const what = 'detail' in event ? event.detail : sizeText(event.bytes)
        lines.push(`${event.kind}  ${event.fileId}  ${what}`)
      },
    })
    const { files, bytes, checksumsFilledIn, findings } = report
    lines.push(
      `${files} files ${dryRun ? 'to read' : 'read'} (${sizeText(bytes)}), ` +
        `${checksumsFilledIn} checksums filled in, ${findings} findings`,
    )
    return { json: { dryRun, ...report, events }, lines, findings: findings > 0 }
  },
}
