import { createHash, randomBytes } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { sendBytes } from './send-bytes-node.ts'

const MIB = 1024 * 1024
const servers: Server[] = []

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/object?signature=1`
}

/** Reads a request to its end without keeping it. */
async function digest(request: IncomingMessage): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    hash.update(chunk)
    size += chunk.length
  }
  return { size, sha256: hash.digest('hex') }
}

function put(
  url: string,
  body: Blob | Uint8Array<ArrayBuffer>,
  overrides: { signal?: AbortSignal; onProgress?: (n: number) => void } = {},
) {
  return sendBytes({
    method: 'PUT',
    url,
    headers: { 'content-type': 'image/png', 'x-amz-checksum-sha256': 'c3VtIQ==' },
    body,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...overrides,
  })
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

describe('sendBytes in Node', () => {
  it.each([0, 1, 256 * 1024, 3 * MIB + 5])(
    'sends %i bytes with their length and the given headers',
    async (size) => {
      const bytes = randomBytes(size)
      let seen: IncomingMessage | undefined
      const url = await listen((request, response) => {
        seen = request
        digest(request).then((received) => response.writeHead(200).end(JSON.stringify(received)))
      })
      const answer = await put(url, new Blob([bytes]))
      expect(answer.status).toBe(200)
      expect(JSON.parse(answer.body)).toEqual({
        size,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      })
      expect(seen).toMatchObject({ method: 'PUT', url: '/object?signature=1' })
      expect(seen?.headers).toMatchObject({
        'content-length': String(size),
        'content-type': 'image/png',
        'x-amz-checksum-sha256': 'c3VtIQ==',
      })
      expect(seen?.headers).not.toHaveProperty('transfer-encoding')
    },
  )

  it('sends bytes in memory as they are', async () => {
    const bytes = new Uint8Array(randomBytes(3 * MIB + 5))
    const url = await listen((request, response) => {
      digest(request).then((received) => response.end(JSON.stringify(received)))
    })
    expect(JSON.parse((await put(url, bytes)).body)).toEqual({
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
  })

  it('asks without a body, and gives the headers of the answer by lower-case name', async () => {
    const url = await listen((request, response) => {
      response.writeHead(200, { 'Upload-Offset': '7' }).end()
      expect(request.headers).not.toHaveProperty('content-length')
    })
    const answer = await sendBytes({
      method: 'HEAD',
      url,
      headers: {},
      body: new Uint8Array(),
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
    expect(answer).toMatchObject({ status: 200, headers: { 'upload-offset': '7' }, body: '' })
  })

  it('keeps its connection for the next body', async () => {
    const ports = new Set<number | undefined>()
    const url = await listen((request, response) => {
      ports.add(request.socket.remotePort)
      digest(request).then(() => response.end())
    })
    for (let turn = 0; turn < 5; turn += 1) await put(url, randomBytes(MIB))
    expect(ports.size).toBe(1)
  })

  it('takes a new connection when the kept one is closed under it', async () => {
    let [requests, isClosing] = [0, false]
    const url = await listen((request, response) => {
      requests += 1
      if (isClosing) {
        isClosing = false
        request.socket.resetAndDestroy()
        return
      }
      digest(request).then(({ size }) => response.end(`${size}`))
    })
    await put(url, randomBytes(10))
    isClosing = true
    expect((await put(url, randomBytes(2 * MIB))).body).toBe(String(2 * MIB))
    expect(requests).toBe(3)
  })

  it('reports progress forwards up to the last byte', async () => {
    const url = await listen((request, response) => void digest(request).then(() => response.end()))
    const reported: number[] = []
    await put(url, new Blob([randomBytes(2 * MIB + 3)]), { onProgress: (loaded) => reported.push(loaded) })
    expect(reported.length).toBeGreaterThan(5)
    expect(reported).toEqual(reported.toSorted((a, b) => a - b))
    expect(reported.at(-1)).toBe(2 * MIB + 3)
  })

  it('sends a 200 MiB file without holding it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'studio-send-'))
    const path = join(directory, 'large')
    await writeFile(path, '')
    await truncate(path, 200 * MIB)
    const url = await listen(
      (request, response) => void digest(request).then(({ size }) => response.end(`${size}`)),
    )
    let most = 0
    const before = process.memoryUsage().arrayBuffers
    const answer = await put(url, await openAsBlob(path), {
      onProgress: () => (most = Math.max(most, process.memoryUsage().arrayBuffers - before)),
    })
    await rm(directory, { recursive: true })
    expect(answer.body).toBe(String(200 * MIB))
    expect(most).toBeLessThan(100 * MIB)
  })

  it('waits for a server that does not read', async () => {
    const url = await listen((request) => request.pause())
    const controller = new AbortController()
    let loaded = 0
    const sending = put(url, new Blob([new Uint8Array(64 * MIB)]), {
      signal: controller.signal,
      onProgress: (bytes) => {
        loaded = bytes
      },
    })
    // Until the network's own buffers are full: nothing has moved for a while.
    for (let [previous, still] = [0, 0]; still < 5; previous = loaded) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      still = loaded > 0 && loaded === previous ? still + 1 : 0
    }
    expect(loaded).toBeLessThan(32 * MIB)
    controller.abort()
    await expect(sending).rejects.toHaveProperty('name', 'AbortError')
  })

  it('stops at once when it is aborted, and the server sees the connection break', async () => {
    const controller = new AbortController()
    let broken: (error: unknown) => void
    const seen = new Promise((resolve) => (broken = resolve))
    const url = await listen((request) => void digest(request).catch((error) => broken(error)))
    const sending = put(url, new Blob([new Uint8Array(64 * MIB)]), {
      signal: controller.signal,
      onProgress: (loaded) => loaded > MIB && controller.abort(),
    })
    await expect(sending).rejects.toHaveProperty('name', 'AbortError')
    expect(await seen).toHaveProperty('code', 'ECONNRESET')
  })

  it('rejects when it was aborted before it began', async () => {
    const url = await listen((_, response) => response.end())
    await expect(put(url, new Blob(['x']), { signal: AbortSignal.abort() })).rejects.toHaveProperty(
      'name',
      'AbortError',
    )
  })

  it('gives the status and the words of a refusal', async () => {
    const url = await listen((request, response) => {
      digest(request).then(() => response.writeHead(400).end('<Code>BadDigest</Code>'))
    })
    expect(await put(url, new Blob(['x']))).toMatchObject({ status: 400, body: '<Code>BadDigest</Code>' })
  })

  it('keeps only the start of a long answer', async () => {
    const url = await listen(
      (request, response) => void digest(request).then(() => response.end('x'.repeat(MIB))),
    )
    expect((await put(url, new Blob(['x']))).body).toHaveLength(4096)
  })

  it('hears a refusal that comes before the body is through', async () => {
    const url = await listen((_, response) => response.writeHead(403).end('expired'))
    expect(await put(url, new Blob([new Uint8Array(64 * MIB)]))).toMatchObject({
      status: 403,
      body: 'expired',
    })
  })

  it('rejects when a new connection is reset', async () => {
    const url = await listen((request) => request.once('data', () => request.socket.resetAndDestroy()))
    await expect(put(url, new Blob([new Uint8Array(MIB)]))).rejects.toThrow(/ECONNRESET|EPIPE|hang up/)
  })

  it('rejects when nobody listens', async () => {
    const url = await listen(() => undefined)
    const [server] = servers.splice(0)
    await new Promise((resolve) => server?.close(resolve))
    await expect(put(url, new Blob(['x']))).rejects.toHaveProperty('code', 'ECONNREFUSED')
  })

  it('rejects when the file changes while it is sent', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'studio-send-'))
    const path = join(directory, 'changing')
    await writeFile(path, new Uint8Array(8 * MIB))
    const source = await openAsBlob(path)
    await truncate(path, 4 * MIB)
    const url = await listen((request, response) => {
      digest(request).then(
        () => response.end(),
        () => undefined,
      )
    })
    await expect(put(url, source)).rejects.toHaveProperty('name', 'NotReadableError')
    await rm(directory, { recursive: true })
  })
})
