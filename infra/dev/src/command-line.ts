/** What every command has in common: signals end it in order, errors for people are printed without a stack. */

import { DevError } from './dev-error.ts'

/** The reason why a command ends early. */
export class Interrupted extends DevError {
  override name = 'Interrupted'
}

// What a shell reports for a command that Ctrl-C ended.
const INTERRUPTED_CODE = 130
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs a command to its end and leaves its exit code behind. The signal is aborted when it is to end early. */
export async function runCommand(command: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const interruption = new AbortController()
  // Repeated signals are ignored: a terminal, npx and pnpm may each send one, and every wait in here has a deadline.
  for (const name of SIGNALS) process.on(name, () => interruption.abort(new Interrupted(`Ended by ${name}.`)))
  // A terminal that was closed takes no more output: that must not stop the orderly end.
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)

  process.exitCode = await command(interruption.signal).catch((thrown: unknown) => {
    if (thrown instanceof Interrupted) return INTERRUPTED_CODE
    process.stderr.write(`\n${thrown instanceof DevError ? thrown.message : describe(thrown)}\n`)
    return 1
  })
  process.exit()
}

/** Writes one line for the person at the terminal. */
export function printLine(line = ''): void {
  process.stdout.write(`${line}\n`)
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}
