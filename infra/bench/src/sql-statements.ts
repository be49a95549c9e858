/** Counts the statements that PostgreSQL executes, by what it writes into its log. */

import { stat, open } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

/** Begins every line of the log while statements are counted, so that nothing in a statement looks like one. */
const PREFIX = 'studio-bench '
const IDLE_MS = 3_000

export interface StatementCounter {
  /**
   * Statements that this work caused: all of them but the polls that run without it too. What polls beyond their usual
   * pace counts, since the work made them.
   */
  count(work: () => Promise<unknown>): Promise<number>
  close(): Promise<void>
}

/** Switches the log on, and learns what runs by itself. */
export async function openStatementCounter(databaseUrl: string, logFile: string): Promise<StatementCounter> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const set = async (commands: readonly string[]) => {
    for (const command of commands) await client.query(command)
    await client.query('select pg_reload_conf()')
    // A reload reaches each connection when it is idle next; the polls that are listened to below show that it has.
    await delay(100)
  }
  await set([`alter system set log_line_prefix = '${PREFIX}'`, `alter system set log_statement = 'all'`])
  const during = async (work: () => Promise<unknown>) => {
    const start = (await stat(logFile)).size
    const startedAt = performance.now()
    await work()
    const elapsedMs = performance.now() - startedAt
    return { elapsedMs, statements: parseStatements(await readFrom(logFile, start)) }
  }
  const idle = await during(() => delay(IDLE_MS))
  return {
    count: async (work) => countCaused(await during(work), idle),
    async close() {
      await set(['alter system reset log_statement', 'alter system reset log_line_prefix'])
      await client.end()
    },
  }
}

export interface Listening {
  readonly elapsedMs: number
  readonly statements: readonly string[]
}

/** What came beyond the pace at which the same statements come without any work. */
export function countCaused(work: Listening, idle: Listening): number {
  const polls = new Set(idle.statements)
  const polled = work.statements.filter((statement) => polls.has(statement)).length
  const usual = Math.ceil((idle.statements.length / idle.elapsedMs) * work.elapsedMs) + polls.size
  return work.statements.length - polled + Math.max(0, polled - usual)
}

/** The statements of a log, in order: those sent as text, and each execution of a prepared one. */
export function parseStatements(log: string): string[] {
  return log
    .split(`\n${PREFIX}`)
    .map((entry) => (entry.startsWith(PREFIX) ? entry.slice(PREFIX.length) : entry))
    .flatMap((entry) => /^LOG: {2}(?:statement|execute [^:]+): (.*)$/s.exec(entry)?.[1]?.trimEnd() ?? [])
}

async function readFrom(file: string, start: number): Promise<string> {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const { buffer } = await handle.read(Buffer.alloc(size - start), 0, size - start, start)
    return `\n${buffer.toString('utf8')}`
  } finally {
    await handle.close()
  }
}
