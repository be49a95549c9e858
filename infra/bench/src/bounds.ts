/** What uploads have to reach: the operations of the table, each with its bound. */

export interface Bound {
  readonly operation: string
  readonly unit: string
  /** The figure may not be smaller. */
  readonly atLeast?: number
  /** The figure may not be larger. */
  readonly atMost?: number
}

const RSS = 'Asset Service, peak RSS'

/** Ratios are of medians taken side by side; raw is a presigned PUT straight to the same S3 server. */
export const UPLOAD_BOUNDS = {
  multipart: { operation: '256 MiB direct multipart, 1 client', unit: '× raw multipart', atLeast: 0.9 },
  smallToLegacy: {
    operation: '64 KiB inline, 16 clients, files/s',
    unit: '× PocketBase’s own upload',
    atLeast: 0.6,
  },
  smallToRaw: { operation: '64 KiB inline, 16 clients, files/s', unit: '× raw', atLeast: 0.12 },
  latency: { operation: '64 KiB inline, 1 client, p50', unit: '× raw', atMost: 10 },
  tusRelay: { operation: '256 MiB tus relay, MiB/s', unit: '× raw', atLeast: 0.4 },
  relayMemory: { operation: `${RSS}, 5 GiB relay`, unit: 'MiB', atMost: 200 },
  inlineMemory: { operation: `${RSS}, 1,000 parallel inline of 64 KiB`, unit: 'MiB', atMost: 200 },
  largestInlineMemory: { operation: `${RSS}, 1,000 parallel inline of 1 MiB`, unit: 'MiB', atMost: 200 },
  directCpu: { operation: 'begin + complete, CPU of our processes', unit: 'ms an upload', atMost: 6 },
  inlineStatements: { operation: 'SQL statements, inline', unit: 'an upload', atMost: 4 },
  directStatements: { operation: 'SQL statements, direct', unit: 'an upload', atMost: 6 },
  registryGrowth: { operation: 'p95 with 10 million rows against 1 thousand', unit: 'times', atMost: 1.3 },
} as const satisfies Record<string, Bound>

export type BoundName = keyof typeof UPLOAD_BOUNDS

/** One line of the table: a figure beside its bound, or the reason why there is none. */
export interface Row extends Bound {
  readonly figure: number | undefined
  /** What the figure is made from, or why it is missing. */
  readonly detail: string
}

export type Verdict = 'ok' | 'falls short'

/** A row without a figure falls short: what was not measured is not reached. */
export function verdictOf({ figure, atLeast, atMost }: Row): Verdict {
  if (figure === undefined || !Number.isFinite(figure)) return 'falls short'
  const isEnough = atLeast === undefined || figure >= atLeast
  return isEnough && (atMost === undefined || figure <= atMost) ? 'ok' : 'falls short'
}

/** The row of one of the operations. */
export function rowOf(
  name: BoundName,
  { figure, detail }: { figure: number | undefined; detail: string },
): Row {
  return { ...UPLOAD_BOUNDS[name], figure, detail }
}
