/** `bench uploads`: every row of the table, in one run on one stack. */

import { startBenchStack, type BenchStack } from '../bench-stack.ts'
import { rowOf, type Row } from '../bounds.ts'
import { cpu, statements } from './cost.ts'
import { largeFile } from './large-file.ts'
import type { Extent, RowGroup } from './measure.ts'
import { inlineMemory, largestInlineMemory } from './memory.ts'
import { registryGrowth } from './many-rows.ts'
import { relayMemory, tusRelay } from './relay.ts'
import { latency, throughput } from './small-files.ts'

/** The last ones restart the Asset Service. */
const GROUPS: readonly RowGroup[] = [
  largeFile,
  throughput,
  latency,
  tusRelay,
  cpu,
  statements,
  relayMemory,
  inlineMemory,
  largestInlineMemory,
  registryGrowth,
]

export interface UploadBenchOptions {
  readonly quick: boolean
  readonly profileDirectory: string | undefined
  readonly onLine: (line: string) => void
  readonly signal: AbortSignal
}

/** Resolves to all rows, those that could not be measured included. */
export async function benchUploads({ quick, signal, ...options }: UploadBenchOptions): Promise<Row[]> {
  options.onLine('Starting the stack')
  const bench = await startBenchStack(options)
  try {
    const rows: Row[] = []
    for (const group of GROUPS) {
      signal.throwIfAborted()
      options.onLine(group.title)
      rows.push(
        ...(await measureGroup(group, bench, { rounds: quick ? 3 : 7, signal, onLine: options.onLine })),
      )
    }
    return rows
  } finally {
    await bench.dispose()
  }
}

/** A group that fails has no figures: one wrong answer makes all that it measured doubtful. */
async function measureGroup(group: RowGroup, bench: BenchStack, extent: Extent): Promise<Row[]> {
  try {
    return await group.measure(bench, extent)
  } catch (thrown) {
    const detail = `failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`
    return group.names.map((name) => rowOf(name, { figure: undefined, detail }))
  }
}
