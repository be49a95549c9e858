/** The HTTP side that both servers share, with a small router of its own. */
import { request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import { initTRPC } from '@trpc/server'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { INLINE_MAX_BYTES, KIB, MIB } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import { studioErrorShape } from './error-shape.ts'
import { createStudioServer, mountTrpc } from './fastify-server.ts'

interface Context {
  requestId: string
}

const t = initTRPC.context<Context>().create({
  isDev: false,
  errorFormatter: ({ error, ctx }) => studioErrorShape(error, ctx?.requestId),
})

let ready = true
let arrived = 0
let aborted = 0
let held = Promise.resolve()
const router = t.router({
  double: t.procedure.input(z.object({ n: z.number() })).query(({ input }) => input.n * 2),
  fail: t.procedure.query(() => {
    throw new StudioError('STORE_UNAVAILABLE', { cause: new Error('secret-host.internal refused') })
  }),
  crash: t.procedure.query(() => {
    throw new TypeError('secret-host.internal is not a function')
  }),
  wrongOutput: t.procedure.output(z.string()).query(() => 1 as unknown as string),
  measure: t.procedure.input(z.instanceof(Uint8Array)).mutation(({ input }) => input.length),
  hold: t.procedure.input(z.instanceof(Uint8Array)).mutation(async () => {
    arrived += 1
    await held
    return 'done'
  }),
  wait: t.procedure.query(({ signal }) => {
    arrived += 1
    return new Promise<string>((resolve) => {
      signal?.addEventListener('abort', () => {
        aborted += 1
        resolve('aborted')
      })
    })
  }),
})

let server: FastifyInstance
let url = ''
beforeEach(async () => {
  ready = true
  arrived = 0
  aborted = 0
  server = createStudioServer({
    logLevel: 'silent',
    checkReady: async () => {
      if (!ready) throw new Error('away')
    },
  })
  mountTrpc(server, { router, roomBytes: 10 * MIB, createContext: (request) => ({ requestId: request.id }) })
  url = await server.listen({ host: '127.0.0.1', port: 0 })
})
afterEach(() => server.close())

const query = (path: string, init: RequestInit = {}) => fetch(`${url}/trpc/${path}`, init)

describe('a Studio server', () => {
  test('answers a procedure, and keeps the caller’s request id', async () => {
    const response = await query(`double?input=${encodeURIComponent('{"n":4}')}`, {
      headers: { 'x-request-id': 'my-request' },
    })
    expect(await response.json()).toEqual({ result: { data: 8 } })
    expect(response.headers.get('x-request-id')).toBe('my-request')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('does not take a request id that would break a log line', async () => {
    const response = await query('fail', { headers: { 'x-request-id': 'a b"c' } })
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test.each([
    ['fail', 503, 'STORE_UNAVAILABLE'],
    ['crash', 500, 'INTERNAL'],
    ['wrongOutput', 500, 'INTERNAL'],
    ['double', 400, 'VALIDATION_FAILED'],
    ['noSuchProcedure', 400, 'VALIDATION_FAILED'],
  ])('answers %s with %i %s, and nothing of the cause', async (path, status, code) => {
    const response = await query(path)
    const text = await response.text()
    expect(response.status).toBe(status)
    expect(JSON.parse(text)).toMatchObject({ error: { data: { studio: { code } } } })
    expect(text).not.toMatch(/secret-host|stack|\.ts/)
  })

  test('answers a body over the limit in the same shape', async () => {
    const body = new Uint8Array(2 * INLINE_MAX_BYTES)
    const response = await query('double', { method: 'POST', body })
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ error: { data: { studio: { code: 'FILE_TOO_LARGE' } } } })
  })

  test.each([0, 1, 100_000])('hands a procedure the %d bytes of an octet stream', async (size) => {
    const headers = { 'content-type': 'application/octet-stream' }
    const response = await query('measure', { method: 'POST', headers, body: new Uint8Array(size) })
    expect(await response.json()).toEqual({ result: { data: size } })
  })

  test('limits an octet stream that does not tell its length', async () => {
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * KIB)),
    })
    const sent = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { 'content-type': 'application/octet-stream' }
      const request = httpRequest(`${url}/trpc/measure`, { method: 'POST', headers }, (response) => {
        resolve(response.statusCode)
        request.destroy()
      })
      request.on('error', reject)
      Readable.fromWeb(endless).pipe(request)
    })
    expect(sent).toBe(413)
  })

  test('takes no form', async () => {
    const response = await query('measure', { method: 'POST', body: new FormData() })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: { data: { studio: { code: 'VALIDATION_FAILED' } } },
    })
  })

  test('reads no more large bodies than there is room for, and all of them in the end', async () => {
    let release = () => {}
    held = new Promise((resolve) => (release = resolve))
    const headers = { 'content-type': 'application/octet-stream' }
    const init = { method: 'POST', headers, body: new Uint8Array(MIB) }
    const answers = Array.from({ length: 40 }, async () => (await query('hold', init)).json())
    await expect.poll(() => arrived).toBe(8)
    expect(await (await query('double?input=%7B%22n%22%3A4%7D')).json()).toEqual({ result: { data: 8 } })
    expect(arrived).toBe(8)
    release()
    expect(new Set((await Promise.all(answers)).map((answer) => JSON.stringify(answer)))).toEqual(
      new Set(['{"result":{"data":"done"}}']),
    )
  })

  test('tells a procedure that its caller went away', async () => {
    const controller = new AbortController()
    const request = query('wait', { signal: controller.signal }).catch(() => 'went away')
    await expect.poll(() => arrived).toBe(1)
    controller.abort()
    expect(await request).toBe('went away')
    await expect.poll(() => aborted).toBe(1)
  })

  test('is alive always, and ready only while what it needs answers', async () => {
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    ready = false
    expect((await fetch(`${url}/readyz`)).status).toBe(503)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })
})
