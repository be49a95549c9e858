/** `pnpm assets <command>`: the operator's view of the Asset Service that the environment names, or that `pnpm dev` runs. */
import { parseArgs } from 'node:util'
import { UsageError, type Answer, type AssetsCommand, type FlagValues } from './assets/command.ts'
import { outbox } from './assets/outbox.ts'
import { quota } from './assets/quota.ts'
import { reconcile } from './assets/reconcile.ts'
import { scrub } from './assets/scrub.ts'
import { stats } from './assets/stats.ts'
import { trash } from './assets/trash.ts'
import { uploads } from './assets/uploads.ts'
import { readOperatorEnv } from './env.ts'
import { openAssetService } from './start.ts'

const COMMANDS: Readonly<Record<string, AssetsCommand>> = {
  uploads,
  reconcile,
  scrub,
  stats,
  quota,
  outbox,
  trash,
}

/** What a shell reports for a command that Ctrl-C ended. */
const INTERRUPTED = 130
const PROGRESS_EVERY_MS = 500

function helpText(): string {
  const commands = Object.entries(COMMANDS).flatMap(([name, { help }]) => [
    `  ${name.padEnd(10)} ${help[0]}`,
    ...help.slice(1).map((line) => `  ${' '.repeat(13)}${line}`),
  ])
  return [
    'assets <command> [--json]',
    '',
    ...commands,
    '',
    'It is about the Asset Service whose environment it is given, or else about the one that `pnpm dev` runs here.',
    'Progress goes to stderr. Exit code: 0, 1 for findings and failures, 2 for a wrong call, 130 when interrupted.',
  ].join('\n')
}

interface Call {
  command: AssetsCommand
  flags: FlagValues
  args: readonly string[]
}

/** `undefined`: help is wanted. */
function readCall([name, ...rest]: readonly string[]): Call | undefined {
  if (name === undefined || name === 'help' || name === '--help' || rest.includes('--help')) return undefined
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined)
    throw new UsageError(`There is no command ${JSON.stringify(name)}.\n\n${helpText()}`)
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: { ...command.flags, json: { type: 'boolean' } },
      allowPositionals: command.positionals !== undefined,
    })
    if (positionals.length > (command.positionals ?? 0))
      throw new Error(`That is too much: ${positionals.join(' ')}`)
    return { command, flags: values as FlagValues, args: positionals }
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/** One line now and then: it goes into logs as well as to terminals. */
function createProgress(): (text: string) => void {
  let last = performance.now()
  return (text) => {
    if (performance.now() - last < PROGRESS_EVERY_MS) return
    last = performance.now()
    process.stderr.write(`… ${text}\n`)
  }
}

async function runCall({ command, ...call }: Call, signal: AbortSignal): Promise<Answer> {
  const opened = await openAssetService(await readOperatorEnv(), {
    onBackgroundError: (error, doing) => process.stderr.write(`${doing}: ${String(error)}\n`),
  })
  try {
    return await command.run({ service: opened.service, ...call, signal, progress: createProgress() })
  } finally {
    await opened.close()
  }
}

/** An error of ours says in its cause what happened; its message is for people who cannot mend it. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\n${describe(error.cause)}`
  return `${error.message}${cause}`
}

async function main(interruption: AbortController): Promise<number> {
  try {
    const call = readCall(process.argv.slice(2))
    if (call === undefined) {
      process.stdout.write(`${helpText()}\n`)
      return 0
    }
    const { json, lines, findings } = await runCall(call, interruption.signal)
    process.stdout.write(
      `${call.flags['json'] === true ? JSON.stringify(json, null, 2) : lines.join('\n')}\n`,
    )
    return findings ? 1 : 0
  } catch (error) {
    if (interruption.signal.aborted) return INTERRUPTED
    process.stderr.write(`${describe(error)}\n`)
    return error instanceof UsageError ? 2 : 1
  }
}

const interruption = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interruption.abort())
process.exitCode = await main(interruption)
