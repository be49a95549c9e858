/** What the two programs of this package have in common: how they speak, and how they end. */
import { ClientResponseError } from 'pocketbase'
import { readWireError, StudioError } from '@studio/contracts/studio-error'
import { DemoError } from './demo-error.ts'

/** Writes a line to the terminal, or to whoever reads this program. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Runs a program; its answer is the exit code. What it throws is told in words, and is exit code 1. */
export async function runCommand(program: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await program()
  } catch (thrown) {
    process.stderr.write(`${describe(thrown)}\n`)
    process.exitCode = 1
  }
}

/** Words for an error, with what helps to find it in the servers' logs. */
export function describe(thrown: unknown): string {
  if (thrown instanceof ClientResponseError) {
    return `PocketBase refused ${thrown.url}: ${thrown.status} ${thrown.message} ${JSON.stringify(thrown.response)}`
  }
  if (thrown instanceof StudioError) {
    const requestId = readWireError(thrown.cause)?.requestId
    return `${thrown.message} [${thrown.code}${requestId === undefined ? '' : `, request ${requestId}`}]`
  }
  if (thrown instanceof DemoError) return thrown.message
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}
