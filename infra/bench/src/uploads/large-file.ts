/** One file of 256 MiB in parts, against the same parts sent to S3 by nobody but the client. */

import { MIB } from '@studio/contracts/limits'
import type { BenchStack } from '../bench-stack.ts'
import { expectSame } from '../bench-error.ts'
import { rowOf } from '../bounds.ts'
import { makeFile } from '../made-file.ts'
import { interleave, medianOf, medianRatio, timed } from '../statistics.ts'
import type { RowGroup } from './measure.ts'

const SIZE = 256 * MIB
/** Studio's plan for a file of this size; see its part plan. */
const PART_SIZE = 8 * MIB

const mibPerSecond = (milliseconds: number) => SIZE / MIB / (milliseconds / 1000)

/** The three ways up; whether each is measured over the same bytes and read back. */
async function contestantsOf({ raw, legacy, person }: BenchStack) {
  const file = makeFile(SIZE)
  const first = await person.upload(file, 'direct')
  // What comes back is compared once: every later upload has its parts compared by S3 itself.
  await person.expectStored(first.fileId, file)
  const lanes = person.takePeakLanes()
  expectSame('whether it went in parts', { is: first.sha256, should: null })
  const contestants = {
    raw: async () => {
      const upload = await raw.beginMultipart(SIZE, PART_SIZE)
      const took = await timed(() => raw.sendMultipart(upload, file, lanes))
      await raw.expectStored(upload.key, file)
      await raw.delete(upload.key)
      return mibPerSecond(took)
    },
    studio: async () => mibPerSecond(await timed(() => person.upload(file, 'direct'))),
    legacy: async () => {
      let id = ''
      const took = await timed(async () => (id = await legacy.upload(file)))
      await legacy.expectStored(id, file)
      return mibPerSecond(took)
    },
  }
  return { lanes, contestants }
}

export const largeFile: RowGroup = {
  title: '256 MiB in parts',
  names: ['multipart'],
  async measure(bench, { rounds }) {
    const { lanes, contestants } = await contestantsOf(bench)
    const rates = await interleave(rounds, contestants)
    const [studio, raw, legacy] = [rates.studio, rates.raw, rates.legacy].map((each) =>
      Math.round(medianOf(each)),
    )
    return [
      rowOf('multipart', {
        figure: medianRatio(rates.studio, rates.raw),
        detail: `ours ${studio} MiB/s, raw ${raw} MiB/s with ${lanes} lanes, PocketBase ${legacy} MiB/s in one piece`,
      }),
    ]
  },
}
