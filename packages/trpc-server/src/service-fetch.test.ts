/** What our services hear of each other, over real sockets. */
import { createServer, type RequestListener, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createServiceFetch } from './service-fetch.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('sends method, headers and body, and reads status and JSON', async () => {
  const url = await serve(async (request, reply) => {
    const { method, headers } = request
    reply
      .writeHead(201)
      .end(JSON.stringify({ method, type: headers['content-type'], body: await text(request) }))
  })
  const fetch = createServiceFetch()
  for (const headers of [
    { 'content-type': 'a/b' },
    new Headers({ 'content-type': 'a/b' }),
    [['content-type', 'a/b']],
  ]) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: Buffer.from('bytes'),
    })
    expect({ ok: answer.ok, status: answer.status }).toEqual({ ok: true, status: 201 })
    expect(await answer.json()).toEqual({ method: 'POST', type: 'a/b', body: 'bytes' })
  }
})

test('keeps its connection from one request to the next', async () => {
  const ports: (number | undefined)[] = []
  const url = await serve((request, reply) => {
    ports.push(request.socket.remotePort)
    reply.end('{}')
  })
  const fetch = createServiceFetch()
  for (let time = 0; time < 20; time += 1) await fetch(new URL(url))
  // An answer may be read a moment before its connection is free again.
  expect(new Set(ports).size).toBeLessThanOrEqual(2)
})

test('answers a refusal like any other answer', async () => {
  const url = await serve((_request, reply) => reply.writeHead(404).end('not here'))
  const answer = await createServiceFetch()(url)
  expect(answer).toMatchObject({ ok: false, status: 404 })
  expect(await answer.text()).toBe('not here')
  await expect(answer.json()).rejects.toThrow(SyntaxError)
})

test('rejects when nobody is there, when the answer breaks off, and with the reason of its signal', async () => {
  const fetch = createServiceFetch()
  // Nothing listens there: the port is reserved (RFC 6335, section 6).
  await expect(fetch('http://127.0.0.1:1')).rejects.toThrow(/ECONNREFUSED/)
  const url = await serve((request, reply) => {
    if (request.url !== '/cut') return
    reply.writeHead(200, { 'content-length': 10 }).write('half')
    setImmediate(() => request.socket.destroy())
  })
  await expect(fetch(`${url}/cut`)).rejects.toThrow()
  await expect(fetch(url, { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
    name: 'TimeoutError',
  })
})

test('refuses a body that it cannot send', async () => {
  const sent = createServiceFetch()('http://127.0.0.1:1', { method: 'POST', body: new FormData() })
  await expect(sent).rejects.toThrow(TypeError)
})
