import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createInMemoryServer, type CallName, type Fault } from '../test/in-memory-server.ts'
import { createTestClock } from '../test/test-clock.ts'
import { createUploadClient } from './upload-client.ts'

const INLINE_MAX = 100
const target = { projectId: 'project00000001' }

interface Run {
  bytes: Uint8Array<ArrayBuffer>
  faults: readonly Fault[]
  /** Aborts while this call, counted from 0, is with the server. */
  abortAt: number
}

interface AbortCase {
  when: string
  size: number
  abortAt: number
  expected: CallName[]
}

/** One upload to its end, and what the server is left with. */
async function run({ bytes, faults, abortAt }: Run) {
  const controller = new AbortController()
  const server = createInMemoryServer((_, index) => {
    if (index === abortAt) controller.abort()
    return faults[index] ?? 'none'
  })
  const { upload } = createUploadClient({
    files: server.files,
    sendBytes: server.sendBytes,
    inlineMaxBytes: INLINE_MAX,
    ...createTestClock(),
  })
  const source = new Blob([bytes])
  const outcome = await upload({ source, name: 'a', mimeType: '', target, signal: controller.signal }).then(
    (file) => ({ file, name: 'stored' as const }),
    (error: Error) => ({ error, name: error.name }),
  )
  return { outcome, calls: server.calls, row: [...server.rows.values()][0], rows: server.rows.size }
}

describe('an aborted upload', () => {
  it('rejects at once and asks nobody when it was aborted before it began', async () => {
    const server = createInMemoryServer(() => 'none')
    const { upload } = createUploadClient({ ...server, inlineMaxBytes: INLINE_MAX })
    const signal = AbortSignal.abort()
    const uploading = upload({ source: new Blob(['x']), name: 'a', mimeType: '', target, signal })
    await expect(uploading).rejects.toSatisfy(
      (error) => error instanceof DOMException && error.name === 'AbortError',
    )
    expect(server.calls).toEqual([])
  })

  it.each<AbortCase>([
    { when: 'during begin', size: 200, abortAt: 0, expected: ['begin', 'begin', 'abort'] },
    { when: 'while the bytes are sent', size: 200, abortAt: 1, expected: ['begin', 'put', 'abort'] },
  ])('frees what was begun when it stops $when', async ({ size, abortAt, expected }) => {
    const { outcome, calls, row } = await run({ bytes: randomBytes(size), faults: [], abortAt })
    expect(outcome.name).toBe('AbortError')
    expect(calls).toEqual(expected)
    expect(row).toMatchObject({ state: 'expired', bytes: undefined })
  })

  it.each<AbortCase>([
    {
      when: 'complete',
      size: 200,
      abortAt: 2,
      expected: ['begin', 'put', 'complete', 'abort', 'complete'],
    },
    { when: 'an inline upload', size: 50, abortAt: 0, expected: ['uploadInline', 'begin'] },
  ])('gives the file when $when had already stored it', async ({ size, abortAt, expected }) => {
    const { outcome, calls, row } = await run({ bytes: randomBytes(size), faults: [], abortAt })
    expect(outcome).toMatchObject({ name: 'stored', file: { fileId: row?.fileId, size } })
    expect(calls).toEqual(expected)
  })

  it('stops during the wait before another try', async () => {
    const controller = new AbortController()
    const server = createInMemoryServer(() => 'unavailable')
    const { upload } = createUploadClient({
      ...server,
      inlineMaxBytes: INLINE_MAX,
      sleep: async (_, signal) => {
        controller.abort()
        signal.throwIfAborted()
      },
    })
    const uploading = upload({
      source: new Blob([randomBytes(200)]),
      name: 'a',
      mimeType: '',
      target,
      signal: controller.signal,
    })
    await expect(uploading).rejects.toHaveProperty('name', 'AbortError')
  })

  it('does not wait for a server that hangs', async () => {
    const controller = new AbortController()
    const hang = () => {
      setTimeout(() => controller.abort(), 10)
      return new Promise<never>(() => undefined)
    }
    const server = createInMemoryServer(() => 'none')
    const { upload } = createUploadClient({ ...server, sendBytes: hang, inlineMaxBytes: INLINE_MAX })
    const source = new Blob([randomBytes(200)])
    const uploading = upload({ source, name: 'a', mimeType: '', target, signal: controller.signal })
    await expect(uploading).rejects.toHaveProperty('name', 'AbortError')
    expect(server.calls).toEqual(['begin', 'abort'])
  })
})

describe('whatever goes wrong, and whenever somebody aborts', () => {
  const faults = fc.array(
    fc.constantFrom<Fault>(
      'none',
      'none',
      'lost-request',
      'lost-answer',
      'unavailable',
      'expired',
      'damaged',
    ),
    { maxLength: 12 },
  )
  const runs = fc.record({
    bytes: fc.uint8Array({ minLength: 0, maxLength: 2 * INLINE_MAX }).map((bytes) => new Uint8Array(bytes)),
    faults,
    abortAt: fc.integer({ min: 0, max: 14 }),
  })

  it('success means that the server has the bytes, and an end comes after a bounded number of calls', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async (given) => {
        const { outcome, row, calls, rows } = await run(given)
        expect(rows).toBeLessThanOrEqual(1)
        expect(calls.length).toBeLessThanOrEqual(40)
        expect(['stored', 'StudioError', 'AbortError']).toContain(outcome.name)
        if (outcome.name === 'stored') expect(row).toMatchObject({ state: 'ready', bytes: given.bytes })
        if (outcome.name === 'AbortError') expect(calls.length).toBeGreaterThan(given.abortAt)
      }),
      { numRuns: 500 },
    )
  })

  it('an abort that the server can hear leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async (given) => {
        const reachable = { ...given, faults: given.faults.slice(0, given.abortAt + 1) }
        const { outcome, row } = await run(reachable)
        if (outcome.name === 'AbortError' && row !== undefined)
          expect(row).toMatchObject({ state: 'expired' })
      }),
      { numRuns: 500 },
    )
  })
})
