/** `pnpm bench uploads [--quick] [--json] [--profile DIR]`: measures, prints the table, and fails when a row does. */

import { parseArgs } from 'node:util'
import { printLine, runCommand } from '@studio/dev/command-line'
import { DevError } from '@studio/dev/dev-error'
import { toStandardError } from '@studio/dev/testing/progress-line'
import { verdictOf } from './bounds.ts'
import { formatTable, toJson } from './result-table.ts'
import { benchUploads } from './uploads/bench-uploads.ts'

const USAGE = 'Usage: bench uploads [--quick] [--json] [--profile DIR]'

function readArguments() {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        profile: { type: 'string' },
      },
    })
    if (positionals.length === 1 && positionals[0] === 'uploads') return values
    throw new DevError(USAGE)
  } catch (thrown) {
    throw new DevError(USAGE, { cause: thrown })
  }
}

async function bench(signal: AbortSignal): Promise<number> {
  const { quick, json, profile } = readArguments()
  const rows = await benchUploads({ quick, profileDirectory: profile, onLine: toStandardError, signal })
  printLine(json ? toJson(rows) : formatTable(rows))
  return rows.every((row) => verdictOf(row) === 'ok') ? 0 : 1
}

await runCommand(bench)
