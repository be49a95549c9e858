/** How long an upload goes on while nobody answers. */
import { describe, expect, it } from 'vitest'
import { createInMemoryServer, type CallName, type Fault } from '../test/in-memory-server.ts'
import { INLINE_MAX, large, setUp, target } from '../test/one-piece-file.ts'
import { createTestClock } from '../test/test-clock.ts'
import { createUploadClient } from './upload-client.ts'

const HOUR = 3_600_000

describe('an upload during an outage', () => {
  it('waits longer before each further try, half a minute at most, and gives up when its patience ends', async () => {
    const faults = Array<Fault>(100).fill('unavailable')
    const { upload, calls, waits } = setUp({ faults, options: { patienceMilliseconds: 120_000 } })
    await expect(upload(large)).rejects.toHaveProperty('code', 'REGISTRY_UNAVAILABLE')
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    expect(calls).toEqual(Array(10).fill('begin'))
  })

  it.each<[CallName, number]>([
    ['begin', 0],
    ['complete', 2],
  ])('waits for hours for a server that is away at %s, and says so', async (name, answered) => {
    const outage = Array<Fault>(200).fill('lost-request')
    const { upload, waits, calls } = setUp({
      faults: [...Array<Fault>(answered).fill('none'), ...outage],
      options: { patienceMilliseconds: 24 * HOUR },
    })
    const told: (string | undefined)[] = []
    await upload(large, { onWaiting: (reason) => told.push(reason?.code) })
    expect(waits.reduce((sum, wait) => sum + wait)).toBeGreaterThan(HOUR)
    expect(calls.filter((call) => call === name)).toHaveLength(201)
    expect(told).toEqual(['REGISTRY_UNAVAILABLE', undefined])
  })

  it('counts an outage from its beginning: a server that answers now and then is no outage', async () => {
    const outage = Array<Fault>(7).fill('unavailable')
    const faults: Fault[] = [...outage, 'none', 'none', ...outage, 'none']
    const { upload } = setUp({ faults, options: { patienceMilliseconds: 61_501 } })
    await expect(upload(large)).resolves.toHaveProperty('size', large.length)
  })

  it('does not wait when the answer is a refusal', async () => {
    const { upload, rows, waits } = setUp()
    const idempotencyKey = 'key-00000001'
    await upload(large, { idempotencyKey })
    for (const row of rows.values()) row.state = 'expired'
    await expect(upload(large, { idempotencyKey })).rejects.toHaveProperty('code', 'UPLOAD_ENDED')
    expect(waits).toEqual([])
  })

  it('can be paused and cancelled while it waits', async () => {
    const server = createInMemoryServer(() => 'unavailable')
    const clock = createTestClock()
    const upload = createUploadClient({
      ...server,
      ...clock,
      inlineMaxBytes: INLINE_MAX,
    }).createUpload({
      source: new Blob([large]),
      name: 'a.bin',
      mimeType: '',
      target,
      onWaiting: () => upload.pause(),
    })
    await expect.poll(() => clock.waits.length).toBe(1)
    const { length } = server.calls
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(server.calls).toHaveLength(length)
    upload.abort()
    await expect(upload.done).rejects.toHaveProperty('name', 'AbortError')
  })

  it('waits for a store that does not take the bytes, gives up when its patience ends, and can be repeated with its key', async () => {
    let isBusy = true
    const faultOf = (name: CallName): Fault => (name === 'put' && isBusy ? 'unavailable' : 'none')
    const server = createInMemoryServer(faultOf)
    const { upload } = createUploadClient({
      ...server,
      ...createTestClock(),
      inlineMaxBytes: INLINE_MAX,
      patienceMilliseconds: 120_000,
      random: () => 1,
    })
    const request = {
      source: new Blob([large]),
      name: 'a',
      mimeType: '',
      target,
      idempotencyKey: 'key-00000001',
    }
    await expect(upload(request)).rejects.toHaveProperty('code', 'STORE_UNAVAILABLE')
    expect(server.calls).toEqual(Array(10).fill(['begin', 'put']).flat())
    isBusy = false
    await expect(upload(request)).resolves.toHaveProperty('size', large.length)
    expect(server.rows.size).toBe(1)
  })

  it('gives up on URLs that never work', async () => {
    const round: Fault[] = ['none', 'expired']
    const { upload, calls } = setUp({ faults: [...round, ...round, ...round] })
    await expect(upload(large)).rejects.toHaveProperty('code', 'STORE_UNAVAILABLE')
    expect(calls).toEqual(['begin', 'put', 'begin', 'put', 'begin', 'put'])
  })
})
