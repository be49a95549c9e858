/** Uploads in parts: what is sent, what is not sent again, and what goes wrong. */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StudioError } from '@studio/contracts/studio-error'
import { type Fault, sha256 } from '../test/in-memory-server.ts'
import type { UploadClientOptions } from './upload-client.ts'
import type { UploadProgress } from './upload-progress.ts'
import {
  bytes,
  clientOf,
  PART,
  PARTS,
  puts,
  request,
  serve,
  source,
  stored,
  wholeRequest,
  WHOLE,
} from '../test/parted-file.ts'

describe('a file above the size of a single PUT', () => {
  it('that is assembled already is not sent again: only its completion is repeated', async () => {
    const server = serve()
    await clientOf(server).upload(wholeRequest())
    const putsBefore = puts(server)
    for (const row of server.rows.values()) row.state = 'uploading'
    const listParts: typeof server.files.listParts = async () => ({ assembled: true, parts: [] })
    const file = await clientOf(server, { files: { ...server.files, listParts } }).upload(wholeRequest())
    expect(file.size).toBe(bytes.length)
    expect(puts(server)).toBe(putsBefore)
  })

  it('goes in parts, each once, without being hashed as a whole', async () => {
    const server = serve()
    const seen: UploadProgress[] = []
    const sendBytes: UploadClientOptions['sendBytes'] = async (sent) => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      return server.sendBytes(sent)
    }
    const file = await clientOf(server, { sendBytes }).upload({
      ...request,
      source: source(),
      onProgress: (p) => seen.push(p),
    })
    expect(file).toMatchObject({ size: bytes.length, sha256: null })
    expect(stored(server)).toEqual(WHOLE)
    expect(server.confirmed.toSorted((a, b) => a - b)).toEqual(PARTS)
    expect(server.calls.filter((name) => name === 'signParts').length).toBeLessThan(PARTS.length / 2)
    expect(seen.map(({ phase }) => phase)).not.toContain('hashing')
    expect(seen.at(-2)).toEqual({ phase: 'uploading', loaded: bytes.length, total: bytes.length })
  })

  it('never has more than six parts on their way', async () => {
    const server = serve()
    let [now, most] = [0, 0]
    const sendBytes: UploadClientOptions['sendBytes'] = async (sent) => {
      most = Math.max(most, (now += 1))
      await new Promise((resolve) => setImmediate(resolve))
      return server.sendBytes(sent).finally(() => (now -= 1))
    }
    await clientOf(server, { sendBytes }).upload({ ...request, source: source() })
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(6)
  })

  it('is hashed and sent as a whole to a server that knows no parts', async () => {
    const server = serve(undefined, 0)
    const file = await clientOf(server).upload({ ...request, source: source() })
    expect(file.sha256).toBe(sha256(bytes))
    expect(server.calls).toEqual(['begin', 'begin', 'put', 'complete'])
  })

  it('goes on where an earlier try ended, and sends nothing again that the store has', async () => {
    let isMended = false
    const server = serve((name) =>
      name === 'put' && server.confirmed.length >= 7 && !isMended ? 'unavailable' : 'none',
    )
    const first = clientOf(server).upload({ ...request, source: source() })
    await expect(first).rejects.toHaveProperty('code', 'STORE_UNAVAILABLE')
    expect(stored(server)).toMatchObject([{ state: 'uploading' }])
    expect(server.confirmed).toHaveLength(7)
    isMended = true
    await clientOf(server).upload({ ...request, source: source() })
    expect(server.confirmed.toSorted((a, b) => a - b)).toEqual(PARTS)
    expect(stored(server)).toEqual(WHOLE)
  })

  it('ends with SIZE_MISMATCH when the store has a part of other bytes, and never mixes the two', async () => {
    let isAway = true
    const server = serve((name) => (name === 'complete' && isAway ? 'unavailable' : 'none'))
    await expect(clientOf(server).upload({ ...request, source: source() })).rejects.toThrow()
    isAway = false
    const changed = new Uint8Array(bytes)
    changed[3 * PART] = (bytes[3 * PART] ?? 0) ^ 1
    const later = clientOf(server).upload({ ...request, source: new Blob([changed]) })
    await expect(later).rejects.toMatchObject({ code: 'SIZE_MISMATCH', message: /changed/ })
    expect(server.confirmed).toHaveLength(PARTS.length)
    expect(stored(server)).toMatchObject([{ state: 'expired' }])
  })

  it('does not ask what the store has when nobody can have sent anything', async () => {
    const server = serve()
    const { idempotencyKey: _given, ...rest } = request
    await clientOf(server).upload({ ...rest, source: source() })
    expect(server.calls).not.toContain('listParts')
    expect(stored(server)).toEqual(WHOLE)
  })

  it('reads each part once and sends those bytes', async () => {
    const server = serve()
    const watched = source()
    const slice = watched.slice.bind(watched)
    const reads: number[] = []
    watched.slice = (start = 0, end) => {
      reads.push(start)
      return slice(start, end)
    }
    await clientOf(server).upload({ ...request, source: watched })
    expect(reads.toSorted((a, b) => a - b)).toEqual(PARTS.map((part) => (part - 1) * PART))
  })

  it('is at its most lanes within a few parts on a fast line', async () => {
    const server = serve()
    const atOnce: number[] = []
    let now = 0
    const sendBytes: UploadClientOptions['sendBytes'] = async (sent) => {
      atOnce.push((now += 1))
      await new Promise((resolve) => setTimeout(resolve, 20))
      return server.sendBytes(sent).finally(() => (now -= 1))
    }
    await clientOf(server, { sendBytes }).upload({ ...request, source: source() })
    expect(Math.max(...atOnce.slice(0, 10))).toBe(6)
  })

  it('does not send a part again whose answer alone was lost', async () => {
    const server = serve((name, index) => (name === 'put' && index < 12 ? 'lost-answer' : 'none'))
    await clientOf(server).upload({ ...request, source: source() })
    expect(server.confirmed.toSorted((a, b) => a - b)).toEqual(PARTS)
  })

  it('asks for new URLs when they are refused, and reads the part again once when its bytes are', async () => {
    let bad = 0
    const server = serve((name) => (name === 'put' && bad++ < 4 ? (bad % 2 ? 'expired' : 'damaged') : 'none'))
    await clientOf(server).upload({ ...request, source: source() })
    expect(stored(server)).toEqual(WHOLE)
    expect(puts(server)).toBe(PARTS.length + 4)
  })

  it('ends with CHECKSUM_MISMATCH when the same bytes are refused twice, and frees what was begun', async () => {
    const server = serve((name) => (name === 'put' ? 'damaged' : 'none'))
    const upload = clientOf(server).upload({ ...request, source: source() })
    await expect(upload).rejects.toHaveProperty('code', 'CHECKSUM_MISMATCH')
    expect(stored(server)).toMatchObject([{ state: 'expired' }])
  })

  it('ends with SIZE_MISMATCH when the bytes were refused and the file has others now', async () => {
    const server = serve((name, index) => (name === 'put' && index < 12 ? 'damaged' : 'none'))
    const changing = source()
    const slice = changing.slice.bind(changing)
    const read = new Set<number>()
    changing.slice = (start = 0, end) => {
      if (read.has(start)) return new Blob([randomBytes(PART)])
      read.add(start)
      return slice(start, end)
    }
    const upload = clientOf(server).upload({ ...request, source: changing })
    await expect(upload).rejects.toHaveProperty('code', 'SIZE_MISMATCH')
  })

  it('keeps what it has when the session ends, for the next try with the same key', async () => {
    const server = serve()
    const signParts = () => Promise.reject(new StudioError('UNAUTHENTICATED'))
    const upload = clientOf(server, { files: { ...server.files, signParts } }).upload({
      ...request,
      source: source(),
    })
    await expect(upload).rejects.toHaveProperty('code', 'UNAUTHENTICATED')
    expect(server.calls).not.toContain('abort')
  })

  it('answers the file that another one with the same key has completed meanwhile', async () => {
    const server = serve()
    const listParts: typeof server.files.listParts = async (reference, options) => {
      await clientOf(server).upload({ ...request, source: source() })
      return server.files.listParts(reference, options)
    }
    const file = await clientOf(server, { files: { ...server.files, listParts } }).upload({
      ...request,
      source: source(),
    })
    expect(file.fileId).toBe([...server.rows.values()][0]?.fileId)
    expect(server.confirmed.toSorted((a, b) => a - b)).toEqual(PARTS)
  })
})

describe('whatever goes wrong with parts', () => {
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
    { minLength: 40, maxLength: 40 },
  )

  it('success means that the server has the bytes, and no part is confirmed twice', async () => {
    await fc.assert(
      fc.asyncProperty(faults, async (given) => {
        const server = serve((_, index) => given[index] ?? 'none')
        const outcome = await clientOf(server)
          .upload({ ...request, source: source() })
          .catch((error: unknown) => error)
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(StudioError)
        else expect(stored(server)).toEqual(WHOLE)
        expect(new Set(server.confirmed).size).toBe(server.confirmed.length)
      }),
      { numRuns: 12 },
    )
  })
})
