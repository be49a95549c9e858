/** `assets outbox`: what PocketBase still has to be told. */
import type { AssetsCommand } from './command.ts'
import { tableLines } from './table.ts'

const SHOWN = 1000

export const outbox: AssetsCommand = {
  help: [
    'records that PocketBase does not have yet, oldest first',
    '--retry-now  let failed ones be tried at once by the servers that run',
    '--dry-run    with it: only list them',
  ],
  flags: { 'retry-now': { type: 'boolean' }, 'dry-run': { type: 'boolean' } },
  async run({ service, flags }) {
    const isRetry = flags['retry-now'] === true && flags['dry-run'] !== true
    const retried = isRetry ? await service.retryOutboxNow() : 0
    const entries = await service.listOutbox(SHOWN)
    const rows = entries.map(({ fileId, kind, attempts, createdAt, dueAt, lastError }) => [
      fileId,
      kind,
      String(attempts),
      createdAt.toISOString(),
      dueAt.toISOString(),
      lastError ?? '',
    ])
    return {
      json: { entries, retried },
      lines: [
        ...tableLines(['id', 'kind', 'tries', 'since', 'next', 'last error'], rows),
        `${entries.length} entries; ${retried} made due`,
      ],
      findings: false,
    }
  },
}
