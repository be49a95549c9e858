/** `assets stats`: the registry in numbers, and what is wrong. */
import type { AssetsCommand } from './command.ts'
import { sizeText, tableLines } from './table.ts'

const FINDINGS_SHOWN = 100
const PROJECTS_SHOWN = 20

export const stats: AssetsCommand = {
  help: [
    'rows and bytes by state, the largest projects and their quotas, what PocketBase still has to be told, open findings',
  ],
  flags: {},
  async run({ service }) {
    const [{ states, outbox, findings }, shown, projects] = await Promise.all([
      service.stats(),
      service.listFindings(FINDINGS_SHOWN),
      service.space.listLargest(PROJECTS_SHOWN),
    ])
    const oldest = outbox.oldestAt === null ? '' : `, oldest of ${outbox.oldestAt.toISOString()}`
    return {
      json: { states, projects, outbox, findings: { open: findings, oldest: shown } },
      lines: [
        ...tableLines(
          ['state', 'files', 'bytes'],
          states.map(({ state, files, bytes }) => [state, String(files), sizeText(bytes)]),
        ),
        ...tableLines(
          ['project', 'bytes', 'quota'],
          projects.map(({ projectId, usedBytes, quotaBytes }) => [
            projectId,
            sizeText(usedBytes),
            quotaBytes === null ? 'none' : sizeText(quotaBytes),
          ]),
        ),
        `outbox: ${outbox.entries} entries, ${outbox.failing} of them failing${oldest}`,
        `${findings} findings`,
        ...tableLines(
          ['kind', 'id', 'found', 'detail'],
          shown.map(({ kind, fileId, foundAt, detail }) => [kind, fileId, foundAt.toISOString(), detail]),
        ),
      ],
      findings: findings > 0,
    }
  },
}
