/** Files of 64 KiB: how many a second with 16 clients, and how long one takes with one client. */

import { KIB } from '@studio/contracts/limits'
import type { BenchStack } from '../bench-stack.ts'
import { expectSame } from '../bench-error.ts'
import { rowOf } from '../bounds.ts'
import { makeFiles, type MadeFile } from '../made-file.ts'
import { inLanes, interleave, medianOf, medianRatio, timed } from '../statistics.ts'
import type { RowGroup } from './measure.ts'

const SIZE = 64 * KIB
const CLIENTS = 16

/** Contestants differ in speed, so that each gets enough files for a round of about a second. */
const FILES_PER_ROUND = { raw: 800, legacy: 240, studio: 160 }
const FILES_PER_LATENCY_ROUND = 40

/** A way to upload one file, and to see that it is there. */
interface Way {
  /** Done before the clock starts. */
  prepare(count: number): Promise<readonly unknown[]>
  upload(file: MadeFile, prepared: unknown): Promise<string>
  expectStored(id: string, file: MadeFile): Promise<void>
  /** How many files there are, by the server's own count, where an answer may come before the file is counted. */
  count?(): Promise<number>
  expectCount?(count: number): Promise<void>
}

function waysOf({ raw, legacy, person }: BenchStack) {
  const nothing = async (count: number) => Array.from({ length: count })
  return {
    raw: {
      prepare: (count) => raw.sign(count),
      async upload(file, prepared) {
        const target = prepared as { key: string; url: string }
        await raw.put(target, file)
        return target.key
      },
      expectStored: raw.expectStored,
    },
    legacy: { prepare: nothing, ...legacy },
    studio: {
      prepare: nothing,
      upload: async (file) => (await person.upload(file, 'inline')).fileId,
      expectStored: person.expectStored,
      count: person.countRecords,
      expectCount: person.expectRecords,
    },
  } satisfies Record<string, Way>
}

/** Uploads new files, times each and all, records included, checks their number and reads one back. */
async function uploadFiles(
  way: Way,
  { count, clients }: { count: number; clients: number },
): Promise<{ totalMs: number; eachMs: number[] }> {
  const files = makeFiles(count, SIZE)
  const prepared = await way.prepare(count)
  const before = await way.count?.()
  const eachMs: number[] = []
  const work = async ([index, file]: [number, MadeFile]) => {
    let id = ''
    eachMs.push(await timed(async () => (id = await way.upload(file, prepared[index]))))
    return { id, file }
  }
  let stored: { id: string; file: MadeFile }[] = []
  const totalMs = await timed(async () => {
    stored = await inLanes([...files.entries()], { lanes: clients, work })
    if (before !== undefined) await way.expectCount?.(before + count)
  })
  expectSame('the number of ids', { is: new Set(stored.map(({ id }) => id)).size, should: count })
  if (before !== undefined)
    expectSame('the number of files', { is: await way.count?.(), should: before + count })
  const sample = stored[Math.floor(Math.random() * count)]
  if (sample !== undefined) await way.expectStored(sample.id, sample.file)
  return { totalMs, eachMs }
}

const perSecond = (count: number, { totalMs }: { totalMs: number }) => (count * 1000) / totalMs
const whole = (values: readonly number[]) => Math.round(medianOf(values))
const tenths = (values: readonly number[]) => medianOf(values).toFixed(1)

export const throughput: RowGroup = {
  title: '64 KiB with 16 clients',
  names: ['smallToLegacy', 'smallToRaw'],
  async measure(bench, { rounds }) {
    const ways = waysOf(bench)
    const contestant = (name: keyof typeof ways) => async () => {
      const count = FILES_PER_ROUND[name]
      return perSecond(count, await uploadFiles(ways[name], { count, clients: CLIENTS }))
    }
    const contestants = { raw: contestant('raw'), legacy: contestant('legacy'), studio: contestant('studio') }
    // The first round warms up: compilers, connections, caches of decisions.
    await interleave(1, contestants)
    const rates = await interleave(rounds, contestants)
    const detail = `ours ${whole(rates.studio)}/s, PocketBase ${whole(rates.legacy)}/s, raw ${whole(rates.raw)}/s`
    return [
      rowOf('smallToLegacy', { figure: medianRatio(rates.studio, rates.legacy), detail }),
      rowOf('smallToRaw', { figure: medianRatio(rates.studio, rates.raw), detail }),
    ]
  },
}

export const latency: RowGroup = {
  title: '64 KiB with one client',
  names: ['latency'],
  async measure(bench, { rounds }) {
    const ways = waysOf(bench)
    const contestant = (name: keyof typeof ways) => async () =>
      medianOf((await uploadFiles(ways[name], { count: FILES_PER_LATENCY_ROUND, clients: 1 })).eachMs)
    const contestants = { raw: contestant('raw'), legacy: contestant('legacy'), studio: contestant('studio') }
    await interleave(1, contestants)
    const times = await interleave(rounds, contestants)
    const detail = `ours ${tenths(times.studio)} ms, PocketBase ${tenths(times.legacy)} ms, raw ${tenths(times.raw)} ms`
    return [rowOf('latency', { figure: medianRatio(times.studio, times.raw), detail })]
  },
}
