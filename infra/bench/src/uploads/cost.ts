/** What one upload costs our own processes: CPU time and SQL statements. */

import { KIB } from '@studio/contracts/limits'
import type { BenchStack } from '../bench-stack.ts'
import { rowOf } from '../bounds.ts'
import { makeFiles } from '../made-file.ts'
import { cpuMilliseconds } from '../process-usage.ts'
import { openStatementCounter } from '../sql-statements.ts'
import { inLanes } from '../statistics.ts'
import type { RowGroup } from './measure.ts'

const SIZE = 64 * KIB
/** Both processes count in steps of 10 ms: so many uploads that a step is nothing. */
const UPLOADS_FOR_CPU = 200
const UPLOADS_FOR_SQL = 50
const CLIENTS = 4

async function uploadMany(
  { person }: BenchStack,
  count: number,
  transport: 'inline' | 'direct',
): Promise<void> {
  const files = makeFiles(count, SIZE)
  const records = await person.countRecords()
  await inLanes(files, { lanes: CLIENTS, work: (file) => person.upload(file, transport) })
  await person.expectRecords(records + count)
}

/** Everything that the two processes do meanwhile counts, their polls included. */
async function cpuPerUpload(bench: BenchStack, transport: 'inline' | 'direct') {
  const read = async () => ({
    assetServer: await cpuMilliseconds(bench.stack.part('asset-server').pid()),
    bff: await cpuMilliseconds(bench.stack.part('bff').pid()),
  })
  const before = await read()
  await uploadMany(bench, UPLOADS_FOR_CPU, transport)
  const after = await read()
  return {
    assetServer: (after.assetServer - before.assetServer) / UPLOADS_FOR_CPU,
    bff: (after.bff - before.bff) / UPLOADS_FOR_CPU,
  }
}

export const cpu: RowGroup = {
  title: 'CPU of our processes',
  names: ['directCpu'],
  async measure(bench) {
    await uploadMany(bench, UPLOADS_FOR_CPU, 'direct')
    const direct = await cpuPerUpload(bench, 'direct')
    const inline = await cpuPerUpload(bench, 'inline')
    const both = ({ assetServer, bff }: typeof direct) =>
      `Asset Service ${assetServer.toFixed(1)} + BFF ${bff.toFixed(1)}`
    return [
      rowOf('directCpu', {
        figure: direct.assetServer + direct.bff,
        detail: `${both(direct)} (an inline upload: ${both(inline)})`,
      }),
    ]
  },
}

export const statements: RowGroup = {
  title: 'SQL statements',
  names: ['inlineStatements', 'directStatements'],
  async measure(bench) {
    const counter = await openStatementCounter(
      bench.stack.servers.databaseUrl,
      bench.stack.part('postgres').logFile,
    )
    try {
      const perUpload = async (transport: 'inline' | 'direct') =>
        (await counter.count(() => uploadMany(bench, UPLOADS_FOR_SQL, transport))) / UPLOADS_FOR_SQL
      const detail = `counted in PostgreSQL’s log over ${UPLOADS_FOR_SQL} uploads`
      return [
        rowOf('inlineStatements', { figure: await perUpload('inline'), detail }),
        rowOf('directStatements', { figure: await perUpload('direct'), detail }),
      ]
    } finally {
      await counter.close()
    }
  },
}
