/** How requests to S3 get over what passes, on a gate in front of a real server that answers in its place when told to. */
import { createHash, randomUUID } from 'node:crypto'
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import type {} from '@studio/dev/testing/global-s3'
import { openObjectStore } from './open-object-store.ts'
import { createS3Requests, type S3Requests } from './s3-requests.ts'

const s3 = inject('testS3')
const bytes = Buffer.from('what is kept')
const sha256 = createHash('sha256').update(bytes).digest('hex')

type Fault = (request: IncomingMessage, reply: ServerResponse) => void
const answering =
  (status: number, code: string, headers: Record<string, string> = {}): Fault =>
  (request, reply) => {
    request.resume().once('end', () => {
      reply.writeHead(status, headers).end(`<Error><Code>${code}</Code><Message>so</Message></Error>`)
    })
  }
const resetting: Fault = (request) => void request.socket.resetAndDestroy()
const breakingOff: Fault = (request, reply) => {
  request.resume().once('end', () => {
    reply.writeHead(200, { 'content-length': '100' }).write('<half')
    setImmediate(() => request.socket.destroy())
  })
}

/** Answers to the next requests; the others go through. */
let faults: Fault[] = []
let arrived = 0
let requests: S3Requests
let key: string
let close: () => Promise<void>

beforeEach(async () => {
  const target = new URL(s3.endpoint)
  const gate = createServer((request, reply) => {
    arrived += 1
    const fault = faults.shift()
    if (fault !== undefined) return fault(request, reply)
    const { method, url, headers } = request
    const through = forward(
      { host: target.hostname, port: target.port, method, path: url, headers },
      (answer) => {
        reply.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(reply)
      },
    )
    request.pipe(through)
  })
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve))
  const { port } = gate.address() as AddressInfo
  const settings = {
    S3_ENDPOINT: s3.endpoint,
    S3_REGION: s3.region,
    S3_BUCKET: `test-${randomUUID()}`,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
  }
  const opened = await openObjectStore({ kind: 's3', settings })
  await opened.store.prepare({ allowedOrigins: [] })
  requests = createS3Requests({ ...s3, endpoint: `http://127.0.0.1:${port}`, bucket: settings.S3_BUCKET })
  key = `files/${randomUUID()}/a name with ümlauts & (signs)!`
  faults = []
  arrived = 0
  close = async () => {
    await requests.close()
    await opened.close()
    gate.closeAllConnections()
    await new Promise((resolve) => gate.close(resolve))
  }
})
afterEach(() => close())

const put = () => requests.send({ method: 'PUT', key, body: { bytes, sha256 } })
const get = async () => Buffer.from((await requests.send({ method: 'GET', key })).bytes)

// The gate passes the `host` header on, so what is signed for its address reaches the server as it was signed.
it.each<[string, Fault]>([
  ['a reset connection', resetting],
  ['an answer that breaks off', breakingOff],
  ['an internal error', answering(500, 'InternalError')],
  ['an unavailable server', answering(503, 'ServiceUnavailable')],
  ['the wish to slow down', answering(503, 'SlowDown')],
  ['a sender found too slow', answering(400, 'RequestTimeout')],
  ['a gateway’s error without words of S3', answering(502, '?')],
])('stores and reads after %s', async (_what, fault) => {
  faults = [fault, fault]
  await put()
  expect(arrived).toBe(3)
  faults = [fault]
  expect(await get()).toEqual(bytes)
})

it('gives up after three attempts, with what S3 said last', async () => {
  faults = Array.from({ length: 9 }, () => answering(503, 'SlowDown'))
  await expect(put()).rejects.toMatchObject({ name: 'SlowDown', status: 503 })
  expect(arrived).toBe(3)
})

it.each([
  [403, 'AccessDenied'],
  [400, 'BadDigest'],
  [404, 'NoSuchBucket'],
])('takes %d %s for the answer at once', async (status, code) => {
  faults = [answering(status, code)]
  await expect(put()).rejects.toMatchObject({ name: code, status })
  expect(arrived).toBe(1)
})

it('signs by the clock of a store that finds ours wrong', async () => {
  const ahead = new Date(Date.now() + 20 * 60_000)
  const instants: string[] = []
  const noting: Fault = (request, reply) => {
    instants.push(String(request.headers['x-amz-date']))
    answering(
      instants.length === 1 ? 403 : 404,
      instants.length === 1 ? 'RequestTimeTooSkewed' : 'NoSuchKey',
      {
        date: ahead.toUTCString(),
      },
    )(request, reply)
  }
  faults = [noting, noting]
  await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey' })
  expect(instants[1]?.slice(0, 13)).toBe(
    ahead
      .toISOString()
      .replace(/[-:]|\.\d{3}/g, '')
      .slice(0, 13),
  )
})
