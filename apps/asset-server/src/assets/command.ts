/** What the operator's commands have in common: what they are given, and how they answer. */
import type { ParseArgsConfig } from 'node:util'
import type { AssetService } from '@studio/asset-service'

export type Flags = NonNullable<ParseArgsConfig['options']>
export type FlagValues = Readonly<Record<string, string | boolean | undefined>>

export interface CommandContext {
  service: AssetService
  flags: FlagValues
  /** What was given beside flags. */
  args: readonly string[]
  signal: AbortSignal
  /** For the person who waits: not part of the answer. */
  progress: (text: string) => void
}

export interface Answer {
  /** What `--json` prints. */
  json: object
  /** What is printed without it. */
  lines: string[]
  /** Is something wrong that a person has to look at? */
  findings: boolean
}

export interface AssetsCommand {
  /** For the help text: flags and what they do, one a line. */
  help: string[]
  flags: Flags
  /** How many words it takes beside flags; none when absent. */
  positionals?: number
  run: (context: CommandContext) => Promise<Answer>
}

/** A mistake in how the command was called: its text is all that is printed. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A flag's number; `undefined` when it is not given. Throws a `UsageError` for what is no number or too small. */
export function numberFlag(flags: FlagValues, name: string, least: number): number | undefined {
  const value = flags[name]
  if (value === undefined) return undefined
  const number = Number(value)
  if (value === '' || !Number.isFinite(number) || number < least) {
    throw new UsageError(`--${name} takes a number of at least ${least}, not ${JSON.stringify(value)}`)
  }
  return number
}
