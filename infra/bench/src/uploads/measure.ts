/** What every group of rows is given. */

import type { BenchStack } from '../bench-stack.ts'
import type { BoundName, Row } from '../bounds.ts'

/** How much is measured: the rounds differ, what happens in one does not. */
export interface Extent {
  readonly rounds: number
  /** What takes minutes says how far it is, and ends when it is told to. */
  readonly onLine: (line: string) => void
  readonly signal: AbortSignal
}

export interface RowGroup {
  /** Shown while it runs. */
  readonly title: string
  /** The rows that it measures; all of them fall short when it fails. */
  readonly names: readonly BoundName[]
  measure(bench: BenchStack, extent: Extent): Promise<Row[]>
}
