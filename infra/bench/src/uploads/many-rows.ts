/** Whether begin, complete and urls get slower when the registry has 10 million rows and not a thousand. */

import { KIB } from '@studio/contracts/limits'
import { createTestDirectory, removeTestDirectory } from '@studio/dev/testing/test-directory'
import { launchOnLeash } from '@studio/dev/testing/restartable-server'
import { startStack, type Stack } from '@studio/dev/stack/start-stack'
import { expectSame, WrongAnswerError } from '../bench-error.ts'
import { benchStackOptions } from '../bench-stack.ts'
import { rowOf } from '../bounds.ts'
import { countRows, fillRegistry } from '../fill-registry.ts'
import { makeFile, makeFiles } from '../made-file.ts'
import { inLanes, quantileOf, timed } from '../statistics.ts'
import { createStudioPerson, type StudioPerson } from '../studio-person.ts'
import type { RowGroup } from './measure.ts'

const FEW = 1_000
const MANY = 10_000_000
const SIZE = 64 * KIB
/** What a screen asks URLs for. */
const SHOWN = 100
const WARM_UP = 20
const SAMPLES_A_ROUND = 50

const STEPS = ['begin', 'complete', 'urls'] as const
type Step = (typeof STEPS)[number]
type Took = Record<Step, number>

interface Filled {
  rows: number
  /** Milliseconds that each step of one upload took. */
  sample(): Promise<Took>
  dispose(): Promise<void>
}

/** A stack whose registry has so many rows, with a person whose files are among them. */
async function startFilled(
  rows: number,
  context: { signal: AbortSignal; onLine: (line: string) => void },
): Promise<Filled> {
  const stateDirectory = await createTestDirectory('bench-rows')
  const undo = [() => removeTestDirectory(stateDirectory)]
  const dispose = async () => {
    for (const step of undo.toReversed()) await step()
  }
  try {
    const stack = await startStack({
      ...benchStackOptions(),
      stateDirectory,
      launch: launchOnLeash,
      onLine: () => undefined,
    })
    undo.push(stack.stop)
    const person = await createStudioPerson(stack)
    const shown = await inLanes(makeFiles(SHOWN, SIZE), {
      lanes: 4,
      work: async (file) => (await person.upload(file, 'inline')).fileId,
    })
    await fillWithoutService(stack, () => fillRegistry(stack.servers.databaseUrl, { rows, ...context }))
    const counted = await countRows(stack.servers.databaseUrl)
    expectSame('the rows of the registry', { is: counted, should: rows + SHOWN })
    return { rows: counted, sample: () => uploadInSteps(person, shown), dispose }
  } catch (thrown) {
    await dispose()
    throw thrown
  }
}

/** Its housekeeping would look for the objects of rows that have none; it waits some minutes after each start. */
async function fillWithoutService(stack: Stack, fill: () => Promise<void>): Promise<void> {
  const server = stack.part('asset-server')
  await server.stop()
  await fill()
  await server.start()
}

async function uploadInSteps({ bff, projectId }: StudioPerson, shown: readonly string[]): Promise<Took> {
  const { name, bytes, sha256 } = makeFile(SIZE)
  const request = {
    idempotencyKey: crypto.randomUUID(),
    name,
    mimeType: 'application/octet-stream',
    size: SIZE,
    sha256,
    projectId,
  }
  let begun: Awaited<ReturnType<typeof bff.files.begin.mutate>> | undefined
  const begin = await timed(async () => (begun = await bff.files.begin.mutate(request)))
  if (begun?.state !== 'uploading' || begun.transport.kind !== 'direct')
    throw new WrongAnswerError('not a direct upload')
  const { fileId, transport } = begun
  const { method, url, headers } = transport
  const sent = await fetch(url, { method, headers, body: new Uint8Array(bytes) })
  expectSame('the answer to the bytes', { is: sent.status, should: 200 })
  let sha256Stored: string | null = null
  const complete = await timed(async () => {
    sha256Stored = (await bff.files.complete.mutate({ fileId })).sha256
  })
  expectSame('the SHA-256 of a stored file', { is: sha256Stored ?? '', should: sha256 })
  let signed = 0
  const urls = await timed(async () => {
    const { items } = await bff.files.urls.query({ items: shown.map((id) => ({ fileId: id })) })
    signed = items.filter(({ status }) => status === 'ok').length
  })
  expectSame('the URLs of files', { is: signed, should: shown.length })
  return { begin, complete, urls }
}

export const registryGrowth: RowGroup = {
  title: 'A registry with 10 million rows',
  names: ['registryGrowth'],
  async measure(_bench, { rounds, ...context }) {
    const few = await startFilled(FEW, context)
    try {
      const startedAt = performance.now()
      const many = await startFilled(MANY, context)
      try {
        const seconds = Math.round((performance.now() - startedAt) / 1000)
        return [compare(await takeTurns({ few, many }, rounds * SAMPLES_A_ROUND), { few, many, seconds })]
      } finally {
        await many.dispose()
      }
    } finally {
      await few.dispose()
    }
  },
}

/** One upload here, one there, so that what slows the machine slows both. */
async function takeTurns({ few, many }: Record<'few' | 'many', Filled>, samples: number) {
  const took = { few: [] as Took[], many: [] as Took[] }
  for (let index = -WARM_UP; index < samples; index += 1) {
    const [ofFew, ofMany] = [await few.sample(), await many.sample()]
    if (index < 0) continue
    took.few.push(ofFew)
    took.many.push(ofMany)
  }
  return took
}

function compare(
  took: Record<'few' | 'many', Took[]>,
  { few, many, seconds }: { few: Filled; many: Filled; seconds: number },
) {
  const p95 = (samples: Took[], step: Step) =>
    quantileOf(
      samples.map((sample) => sample[step]),
      0.95,
    )
  const steps = STEPS.map((step) => ({ step, few: p95(took.few, step), many: p95(took.many, step) }))
  const words = steps.map((each) => `${each.step} ${each.few.toFixed(1)} → ${each.many.toFixed(1)} ms`)
  return rowOf('registryGrowth', {
    figure: Math.max(...steps.map((each) => each.many / each.few)),
    detail: `the worst of ${words.join(', ')}; ${few.rows} and ${many.rows} rows, written in ${seconds} s`,
  })
}
