/** Tests of what the endpoint of the filesystem store adds to the promises that every store keeps. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wireErrorSchema } from '@studio/contracts/error-code'
import { newKey, objectOf } from '../conformance/store-under-test.ts'
import type { ObjectEndpoint } from '../ports/object-store.ts'
import { createFilesystemEndpoint } from './filesystem-endpoint.ts'
import { createObjectFiles, type ObjectFiles } from './filesystem-object-files.ts'
import { createHmacUrls } from './hmac-url-signer.ts'

const MIB = 1024 * 1024
const prefix = '/objects'
const urls = createHmacUrls({
  publicUrl: 'http://localhost',
  prefix,
  secret: 'a secret that only this service knows',
  now: () => new Date(),
})
const readOptions = {
  expiresInSeconds: 60,
  mimeType: 'video/mp4',
  contentDisposition: 'inline',
  cacheControl: 'private',
}

let directory: string
let files: ObjectFiles
let endpoint: ObjectEndpoint

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'studio-endpoint-'))
  files = createObjectFiles(directory)
  await files.prepare()
  endpoint = createFilesystemEndpoint({ prefix, files, urls, allowedOrigins: new Set() })
})
afterAll(() => rm(directory, { recursive: true }))

async function* repeated(chunk: Uint8Array, times: number): AsyncGenerator<Uint8Array> {
  for (let time = 0; time < times; time++) yield chunk
}

/** Bytes held outside the heap now; buffered bodies show here. */
const bufferedMib = (): number => process.memoryUsage().arrayBuffers / MIB

async function codeOf(response: Response) {
  return { status: response.status, code: wireErrorSchema.parse(await response.json()).code }
}

describe('the endpoint', () => {
  it('answers HEAD on a URL signed for GET, without a body', async () => {
    const { key, sha256, bytes } = objectOf(Buffer.from('hello'))
    await files.write({ key, sha256, size: 5 }, repeated(bytes, 1))
    const { url } = urls.signer.signGet({ ...readOptions, key })
    const response = await endpoint.handle(
      new Request(url, { method: 'HEAD', headers: { range: 'bytes=0-1' } }),
    )
    expect([response.status, response.headers.get('content-length'), response.body]).toEqual([200, '5', null])
  })

  it('tells browsers not to guess another type', async () => {
    const { key, sha256, bytes } = objectOf(Buffer.from('<script>'))
    await files.write({ key, sha256, size: 8 }, repeated(bytes, 1))
    const response = await endpoint.handle(new Request(urls.signer.signGet({ ...readOptions, key }).url))
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    await response.body?.cancel()
  })

  it.each([
    ['GET', `${prefix}/files/x`],
    ['HEAD', `${prefix}/files/x`],
    ['PUT', `${prefix}/files/x`],
    ['GET', `${prefix}/`],
    ['GET', prefix],
    ['GET', '/elsewhere/files/x'],
    ['GET', `${prefix}/%FF`],
  ])('refuses an unsigned %s of %s', async (method, at) => {
    const response = await endpoint.handle(new Request(`http://localhost${at}`, { method }))
    expect(await codeOf(response)).toEqual({ status: 403, code: 'URL_INVALID' })
  })

  it('names the reason of a refusal by a code of the closed list', async () => {
    const missing = urls.signer.signGet({ ...readOptions, key: newKey() })
    expect(await codeOf(await endpoint.handle(new Request(missing.url)))).toEqual({
      status: 404,
      code: 'FILE_NOT_FOUND',
    })
    const put = urls.signer.signPut({ ...objectOf(Buffer.from('hello')), size: 5, expiresInSeconds: 60 })
    const send = (body: string) =>
      endpoint.handle(
        new Request(put.url, {
          method: 'PUT',
          body,
          headers: { ...put.headers, 'content-length': String(body.length) },
        }),
      )
    expect(await codeOf(await send('jello'))).toEqual({ status: 400, code: 'CHECKSUM_MISMATCH' })
    expect(await codeOf(await send('hello!'))).toEqual({ status: 400, code: 'SIZE_MISMATCH' })
  })

  it.each([4, 6])('refuses %d bytes under a header that promises the signed 5', async (length) => {
    const { key, ...object } = objectOf(Buffer.from('hello'))
    const put = urls.signer.signPut({ ...object, key, size: 5, expiresInSeconds: 60 })
    const init = {
      method: 'PUT',
      body: 'x'.repeat(length),
      headers: { ...put.headers, 'content-length': '5' },
    }
    expect(await codeOf(await endpoint.handle(new Request(put.url, init)))).toEqual({
      status: 400,
      code: 'SIZE_MISMATCH',
    })
    expect(await files.open(key)).toBeUndefined()
  })

  it('stops listening to a body that goes on beyond what was signed', async () => {
    const { key, ...object } = objectOf(Buffer.from('hello'))
    const put = urls.signer.signPut({ ...object, key, size: 5, expiresInSeconds: 60 })
    let isCancelled = false
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(Buffer.from('on and on')),
      cancel: () => void (isCancelled = true),
    })
    const headers = { ...put.headers, 'content-length': '5' }
    const request = new Request(put.url, { method: 'PUT', body, headers, duplex: 'half' })
    expect(await codeOf(await endpoint.handle(request))).toEqual({ status: 400, code: 'SIZE_MISMATCH' })
    expect(isCancelled).toBe(true)
  })

  it.each(['POST', 'DELETE', 'PATCH'])('does not know %s', async (method) => {
    const { url } = urls.signer.signGet({ ...readOptions, key: newKey() })
    const response = await endpoint.handle(new Request(url, { method }))
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT, OPTIONS'])
  })

  it('rejects with STORE_UNAVAILABLE, for the server to log, when the directory is not there', async () => {
    const away = createFilesystemEndpoint({
      prefix,
      files: createObjectFiles(path.join(directory, 'away')),
      urls,
      allowedOrigins: new Set(),
    })
    const { url } = urls.signer.signGet({ ...readOptions, key: newKey() })
    await expect(away.handle(new Request(url))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })

  it('takes and gives 128 MiB without holding them in memory', async () => {
    const chunk = Buffer.alloc(MIB, 'abcdefg')
    const times = 128
    const size = times * MIB
    const hash = createHash('sha256')
    for (let time = 0; time < times; time++) hash.update(chunk)
    const object = { key: newKey(), size, sha256: hash.digest('hex'), mimeType: 'video/mp4' }
    const signed = urls.signer.signPut({ ...object, expiresInSeconds: 60 })
    const before = bufferedMib()

    let sent = 0
    let mostWhileSending = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        mostWhileSending = Math.max(mostWhileSending, bufferedMib())
        if (sent++ < times) controller.enqueue(Uint8Array.from(chunk))
        else controller.close()
      },
    })
    const headers = { ...signed.headers, 'content-length': String(size) }
    const put = new Request(signed.url, { method: 'PUT', body, headers, duplex: 'half' })
    expect((await endpoint.handle(put)).status).toBe(200)
    expect(mostWhileSending - before).toBeLessThan(64)

    const response = await endpoint.handle(
      new Request(urls.signer.signGet({ ...readOptions, key: object.key }).url),
    )
    let received = 0
    let mostWhileReceiving = 0
    for await (const part of response.body ?? []) {
      received += part.byteLength
      mostWhileReceiving = Math.max(mostWhileReceiving, bufferedMib())
    }
    expect(received).toBe(size)
    expect(mostWhileReceiving - before).toBeLessThan(64)
  })
})
