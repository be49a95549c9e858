/** `assets reconcile`: settles what store and registry disagree on. */
import { numberFlag, type AssetsCommand } from './command.ts'
import { sizeText } from './table.ts'

/** Listed in the answer; all are counted. */
const SHOWN = 1000

export const reconcile: AssetsCommand = {
  help: [
    'remove objects and multipart uploads that no row wants, mend counters, note rows without their object',
    '--dry-run        only say what would be done',
    '--grace-hours N  leave alone what is younger (24)',
    '--remove-many    remove orphans also where they are so many that the database may be the wrong one',
  ],
  flags: {
    'dry-run': { type: 'boolean' },
    'grace-hours': { type: 'string' },
    'remove-many': { type: 'boolean' },
  },
  async run({ service, flags, signal, progress }) {
    const graceHours = numberFlag(flags, 'grace-hours', 0)
    const dryRun = flags['dry-run'] === true
    const events: object[] = []
    const lines: string[] = []
    const report = await service.reconcile({
      dryRun,
      removeMany: flags['remove-many'] === true,
      ...(graceHours !== undefined && { graceSeconds: graceHours * 3600 }),
      signal,
      onProgress: ({ objects, readyFiles }) =>
        progress(`${objects} objects, ${readyFiles} ready files compared`),
      onEvent(event) {
        if (events.length >= SHOWN) return
        events.push(event)
        const of = 'fileId' in event ? event.fileId : event.projectId
        lines.push(`${event.kind}  ${of}  ${'detail' in event ? event.detail : event.key}`)
      },
    })
    if (report === undefined) {
      return { json: { listed: false }, lines: ['This object store cannot be listed.'], findings: true }
    }
    const { orphansRemoved, bytesFreed, orphansWithheld, uploadsAborted, spaceMended, findings } = report
    const summary = [
      `${report.objects} objects, ${report.readyFiles} ready files`,
      `${orphansRemoved} orphans ${dryRun ? 'to remove' : 'removed'} (${sizeText(bytesFreed)})`,
      `${uploadsAborted} multipart uploads ${dryRun ? 'to abort' : 'aborted'}`,
      ...(spaceMended > 0 ? [`${spaceMended} counters ${dryRun ? 'to mend' : 'mended'}`] : []),
      `${findings} findings`,
    ]
    lines.push(summary.join(', '))
    if (orphansWithheld > 0) {
      lines.push(
        `${orphansWithheld} orphans were left: the registry hardly knows an object near them. ` +
          'Is this its database? If so: --remove-many',
      )
    }
    return { json: { dryRun, ...report, events }, lines, findings: findings + orphansWithheld > 0 }
  },
}
