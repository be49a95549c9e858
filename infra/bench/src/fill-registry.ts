/** Fills a registry with rows of files that were stored long ago, as many as it takes to see whether their number matters. */

import pg from 'pg'

/** Each has some hundreds of files, or thousands; people have files in several. */
const PROJECTS = 2_000
const PEOPLE = 500
/** One statement is one transaction: not so long that nothing is heard of it for minutes. */
const BATCH = 500_000
/** The machine has two cores to spare for it. */
const LANES = 2

/** Ids as the service makes them are spread over the whole index, and these are too. */
const SPREAD = (number: string) =>
  `translate(substr(md5((${number})::text), 1, 15), '0123456789abcdef', '058bdfhjlnprtvxz')`

const INSERT = `
  insert into files (id, state, transport, issuer, subject, idempotency_key, request, mime_type, composite_sha256,
    created_at, ready_at, expires_at, writable_until, scrubbed_at, trashed_at, purge_at)
  select ${SPREAD('i')}, case when i % 100 = 0 then 'trashed' else 'ready' end, 'direct', 'https://bench.test',
    'person' || i % ${PEOPLE}, 'key-' || i,
    jsonb_build_object('idempotencyKey', 'key-' || i, 'name', 'shot ' || i || '.png', 'mimeType', 'image/png', 'size', 1000,
      'sha256', md5(i::text) || md5(i::text), 'usage', 'attachment', 'projectId', ${SPREAD(`i % ${PROJECTS}`)}),
    'image/png', null, at, at, at, at, at,
    case when i % 100 = 0 then at end, case when i % 100 = 0 then at + interval '10 years' end
  from (select i, now() - i % 31536000 * interval '1 second' as at from generate_series($1::int, $2::int) i) made`

/** What hangs on the table and is faster made anew than kept up to date row by row; foreign keys first to go, last to come. */
const HANGING = `
  select format('alter table %s drop constraint %I', conrelid::regclass, conname) as "remove",
    format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as "restore"
  from pg_constraint
  where (conrelid = 'files'::regclass and contype in ('p', 'u')) or confrelid = 'files'::regclass
  order by contype
`
const INDEXES = `
  select format('drop index %I', indexname) as "remove", indexdef as "restore" from pg_indexes
  where tablename = 'files' and indexname not in (select conname from pg_constraint)`

interface Hanging {
  remove: string
  restore: string
}

interface FillOptions {
  rows: number
  onLine: (line: string) => void
  signal: AbortSignal
}

async function openClient(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  // It is lost with the machine, and then the bench as well.
  await client.query(`set synchronous_commit = off`)
  await client.query(`set maintenance_work_mem = '512MB'`)
  return client
}

/** The Asset Service must not run meanwhile. Rows are written to disk like others; nothing cleans up behind them later. */
export async function fillRegistry(
  databaseUrl: string,
  { rows, onLine, signal }: FillOptions,
): Promise<void> {
  const clients = await Promise.all(Array.from({ length: LANES }, () => openClient(databaseUrl)))
  const [first] = clients
  if (first === undefined) throw new Error('No client')
  const inLanes = async (statements: readonly [string, unknown[]][]) => {
    const entries = statements.values()
    await Promise.all(
      clients.map(async (client) => {
        for (const [text, values] of entries) {
          signal.throwIfAborted()
          await client.query(text, values)
        }
      }),
    )
  }
  try {
    // A checkpoint each gigabyte would write every page many times; and no clean-up may start while it is measured.
    await first.query(`alter system set max_wal_size = '16GB'`)
    await first.query('select pg_reload_conf()')
    await first.query('alter table files set (autovacuum_enabled = false)')
    const constraints = (await first.query<Hanging>(HANGING)).rows
    const indexes = (await first.query<Hanging>(INDEXES)).rows
    for (const { remove } of [...constraints, ...indexes]) await first.query(remove)
    onLine(`writing ${rows.toLocaleString('en')} rows`)
    const batches = Array.from({ length: Math.ceil(rows / BATCH) }, (_, index): [string, unknown[]] => [
      INSERT,
      [index * BATCH + 1, Math.min(rows, (index + 1) * BATCH)],
    ])
    await inLanes(batches)
    onLine('making their indexes')
    await inLanes(indexes.map(({ restore }) => [restore, []]))
    for (const { restore } of constraints.toReversed()) await first.query(restore)
    await first.query(`
      insert into project_storage (project_id, used_bytes) select project_id, sum(size) from files group by project_id
      on conflict (project_id) do update set used_bytes = excluded.used_bytes`)
    await first.query('analyze files')
    await first.query('checkpoint')
  } finally {
    await Promise.all(clients.map((client) => client.end()))
  }
}

/** Rows that the registry has. */
export async function countRows(databaseUrl: string): Promise<number> {
  const client = await openClient(databaseUrl)
  try {
    const { rows } = await client.query<{ count: string }>('select count(*) as count from files')
    return Number(rows[0]?.count)
  } finally {
    await client.end()
  }
}
