/** Uploads that a server relays by tus: what is sent, from where, and what goes wrong. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StudioError } from '@studio/contracts/studio-error'
import { sha256, type Fault } from '../test/in-memory-server.ts'
import { bytes, relay, relayClient, relayRequest } from '../test/relayed-file.ts'
import { judgeTusAnswer } from './send-tus.ts'
import type { SendBytesRequest } from './send-bytes.ts'

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
const storedAs = ({ rows }: ReturnType<typeof relay>) =>
  [...rows.values()].map(({ state, bytes: got }) => ({ state, sha256: sha256(got ?? new Uint8Array()) }))
const WHOLE = [{ state: 'ready', sha256: sha256(bytes) }]

describe('a relayed upload', () => {
  it('asks for the offset, sends one body from there, and completes', async () => {
    const server = relay()
    const file = await relayClient(server).upload(relayRequest())
    expect(server.calls).toEqual(['begin', 'tusHead', 'tusPatch', 'complete'])
    expect(file.size).toBe(bytes.length)
    expect(storedAs(server)).toEqual(WHOLE)
  })

  it('resolves the path at the server’s origin, and asks for the headers of each request anew', async () => {
    const server = relay()
    const sent: SendBytesRequest[] = []
    let token = 0
    await relayClient(server, {
      headers: () => ({ authorization: `Bearer ${(token += 1)}` }),
      sendBytes: (each) => {
        sent.push(each)
        return server.sendBytes(each)
      },
    }).upload(relayRequest())
    expect(sent.map(({ url }) => url)).toEqual(Array(2).fill('https://bff.test/tus/file00000000000'))
    expect(sent.map(({ headers }) => headers)).toMatchObject([
      { authorization: 'Bearer 1', 'tus-resumable': '1.0.0' },
      { authorization: 'Bearer 2', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    ])
  })

  it('goes on at the server’s offset after a cut, and after its own end', async () => {
    const server = relay((name) => {
      const cuts = server.received.length
      return name === 'tusPatch' && cuts < 2 ? 'cut' : 'none'
    })
    await relayClient(server).upload(relayRequest())
    expect(server.received).toHaveLength(3)
    expect(sum(server.received)).toBe(bytes.length)
    expect(storedAs(server)).toEqual(WHOLE)
  })

  it('is resumed by another client with the same key, which sends the rest only', async () => {
    let isCut = true
    const server = relay((name) => {
      if (name === 'tusPatch' && isCut) return 'cut'
      return name === 'tusHead' && server.received.length > 0 && isCut ? 'unavailable' : 'none'
    })
    await expect(relayClient(server).upload(relayRequest())).rejects.toHaveProperty(
      'code',
      'STORE_UNAVAILABLE',
    )
    isCut = false
    await relayClient(server).upload(relayRequest())
    expect(sum(server.received)).toBe(bytes.length)
    expect(storedAs(server)).toEqual(WHOLE)
  })

  it('does not send the last bytes twice when only their answer was lost', async () => {
    const server = relay((name) => (name === 'tusPatch' ? 'lost-answer' : 'none'))
    await relayClient(server).upload(relayRequest())
    expect(server.received).toEqual([bytes.length])
  })

  it('renews its headers once when they are refused, and then says that the session ended', async () => {
    const asked: boolean[] = []
    let authorization = 'old'
    const headers = ({ isRefused }: { isRefused: boolean }) => {
      asked.push(isRefused)
      if (isRefused) authorization = 'new'
      return { authorization }
    }
    const server = relay()
    await relayClient(server, { headers }).upload(relayRequest())
    expect(asked).toEqual([false, true, false])
    const stubborn = relayClient(relay(), { headers: () => ({ authorization: 'old' }) })
    await expect(stubborn.upload(relayRequest())).rejects.toHaveProperty('code', 'UNAUTHENTICATED')
  })

  it('stops when it is paused and goes on from what has arrived when it is resumed', async () => {
    const server = relay()
    let paused = 0
    const upload = relayClient(server, {
      sendBytes: (sent) => {
        if (sent.method !== 'PATCH' || paused > 0) return server.sendBytes(sent)
        paused += 1
        upload.pause()
        setTimeout(upload.resume, 20)
        return Promise.reject(sent.signal.reason)
      },
    }).createUpload(relayRequest())
    await upload.done
    expect(server.calls).toEqual(['begin', 'tusHead', 'tusHead', 'tusPatch', 'complete'])
    expect(storedAs(server)).toEqual(WHOLE)
  })

  it('is freed at the server when it is cancelled', async () => {
    const server = relay()
    const upload = relayClient(server, {
      sendBytes: (sent) => {
        if (sent.method === 'PATCH') upload.abort()
        return sent.signal.aborted ? Promise.reject(sent.signal.reason) : server.sendBytes(sent)
      },
    }).createUpload(relayRequest())
    await expect(upload.done).rejects.toHaveProperty('name', 'AbortError')
    expect(storedAs(server)).toMatchObject([{ state: 'expired' }])
  })

  it('fails for want of an origin to resolve the path at', async () => {
    const upload = relayClient(relay(), { baseUrl: '' }).upload(relayRequest())
    await expect(upload).rejects.toHaveProperty('code', 'INTERNAL')
  })

  it('whatever goes wrong: success means that the server has the bytes, and none was taken twice', async () => {
    const fault = fc.constantFrom<Fault>(
      'none',
      'lost-request',
      'lost-answer',
      'unavailable',
      'expired',
      'cut',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 20 }), async (faults) => {
        const server = relay((name, index) => {
          const given = faults[index] ?? 'none'
          return given === 'cut' && name !== 'tusPatch' ? 'none' : given
        })
        const outcome = await relayClient(server)
          .upload(relayRequest())
          .catch((error: unknown) => error)
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(StudioError)
        else expect(storedAs(server)).toEqual(WHOLE)
        expect(sum(server.received)).toBeLessThanOrEqual(bytes.length)
      }),
      { numRuns: 12 },
    )
  })
})

describe('the answer of a tus server', () => {
  const words = (code: string) => JSON.stringify({ error: { code, message: 'Why' } })
  const judge = (status: number, body = '', headers = {}) => judgeTusAnswer({ status, body, headers }, 10)

  it.each([
    [204, { 'upload-offset': '7' }, { name: 'offset', offset: 7 }],
    [204, { 'upload-offset': '11' }, { name: 'again', error: { code: 'INTERNAL' } }],
    [200, {}, { name: 'again', error: { code: 'INTERNAL' } }],
    [401, {}, { name: 'refused-headers' }],
    [404, {}, { name: 'missing' }],
    [410, {}, { name: 'missing' }],
    [409, {}, { name: 'again', error: { code: 'OFFSET_MISMATCH' } }],
    [423, {}, { name: 'again', error: { code: 'UPLOAD_BUSY' } }],
    [503, {}, { name: 'again', error: { code: 'STORE_UNAVAILABLE' } }],
  ])('of status %i with %j is judged', (status, headers, expected) => {
    expect(judge(status, '', headers)).toMatchObject(expected)
  })

  it.each([
    [409, 'OFFSET_MISMATCH', 'again'],
    [423, 'UPLOAD_BUSY', 'again'],
    [500, 'INTERNAL', 'again'],
    [409, 'UPLOAD_ALREADY_COMPLETE', 'missing'],
    [410, 'UPLOAD_ENDED', 'missing'],
  ])('of status %i with %s is judged', (status, code, name) => {
    expect(judge(status, words(code))).toMatchObject({ name, error: { code } })
  })

  it('is a refusal in its own words when it has some', () => {
    expect(() => judge(413, words('QUOTA_EXCEEDED'))).toThrow(
      expect.objectContaining({ code: 'QUOTA_EXCEEDED', message: 'Why' }),
    )
    expect(() => judge(460, words('CHECKSUM_MISMATCH'))).toThrow('Why')
    expect(() => judge(400, 'no words')).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
  })
})
