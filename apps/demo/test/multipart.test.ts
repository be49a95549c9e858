/** A large file through every real server: over a line that breaks, by a client that dies, and with altered bytes. */
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MIB } from '@studio/contracts/limits'
import type { SendBytes } from '@studio/upload-client/send-bytes'
import { sendBytes } from '@studio/upload-client/send-bytes-node'
import { uploadApiFromTrpc, type UploadApi } from '@studio/upload-client/upload-api'
import { createUploadClient } from '@studio/upload-client/upload-client'
import { createBffClient, type BffClient } from '../src/bff-client.ts'
import { hashStream } from '../src/hash-stream.ts'
import { signIn } from '../src/sign-in.ts'
import { startBreakingProxy, type BreakingProxy } from './breaking-proxy.ts'
import { startDemoStack, type DemoStack } from './demo-stack.ts'

const SIZE = 104 * MIB + 7
const PARTS = Array.from({ length: 14 }, (_, index) => index + 1)

let demo: DemoStack
let bff: BffClient
let proxy: BreakingProxy
let projectId: string
let bytes: Buffer<ArrayBuffer>
let arrived: number[]

beforeAll(async () => {
  demo = await startDemoStack()
  expect(await demo.runSeed()).toMatchObject({ exitCode: 0, stderr: '' })
  const ada = await signIn(demo.pocketbaseUrl, { email: 'ada@studio.test', password: demo.password })
  bff = createBffClient(demo.stack.urls.bff, ada.authStore.token)
  projectId = (await bff.projects.list.query())[0]?.id ?? ''
  const { objectStore } = demo.stack.servers
  if (objectStore.kind !== 's3') throw new Error(objectStore.kind)
  const { hostname, port } = new URL(objectStore.s3.endpoint)
  proxy = await startBreakingProxy({ hostname, port: Number(port) })
})
afterAll(async () => {
  await proxy?.close()
  await demo?.stack.dispose()
})
beforeEach(() => {
  bytes = randomBytes(SIZE)
  arrived = []
})

/** Through the proxy, with the `host` that the URL was signed for; notes what the store says that it has. */
const sendThroughProxy: SendBytes = async (request) => {
  const url = new URL(request.url)
  const headers = { ...request.headers, host: url.host }
  url.port = String(proxy.port)
  const answer = await sendBytes({ ...request, url: url.href, headers })
  if (answer.status === 200) arrived.push(Number(url.searchParams.get('partNumber')))
  return answer
}

interface Changes {
  files?: Partial<UploadApi>
  sendBytes?: SendBytes
}

function begin(idempotencyKey: string, { files, sendBytes: send = sendThroughProxy }: Changes = {}) {
  const client = createUploadClient({
    files: { ...uploadApiFromTrpc(bff), ...files },
    sendBytes: send,
    inlineMaxBytes: MIB,
  })
  return client.createUpload({
    source: new Blob([bytes]),
    name: 'large.bin',
    mimeType: '',
    target: { projectId },
    idempotencyKey,
  })
}

async function expectReadable(fileId: string): Promise<void> {
  const { items } = await bff.files.urls.query({ items: [{ fileId }] })
  const [item] = items
  if (item?.status !== 'ok') throw new Error(JSON.stringify(items))
  const { body } = await fetch(item.url)
  if (body === null) throw new Error('No body')
  expect(await hashStream(body)).toEqual({
    size: SIZE,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  })
}

describe('a large file', () => {
  it('gets over a network that is cut in the middle, and sends nothing again that the store confirmed', async () => {
    proxy.cutAfter(30 * MIB)
    const upload = begin('key-cut-network')
    await expect.poll(() => proxy.refused(), { timeout: 30_000 }).toBeGreaterThan(2)
    const before = [...arrived]
    expect(before.length).toBeLessThan(PARTS.length)
    proxy.mend()
    const { fileId } = await upload.done
    expect(arrived.toSorted((a, b) => a - b)).toEqual(PARTS)
    await expectReadable(fileId)
  })

  it('is gone on with by a new client after the old one died, and sends nothing again that the store has', async () => {
    // A process that is killed tells nobody.
    const silent = { abort: () => Promise.reject(new Error('Killed')) }
    const killed = begin('key-killed-client', {
      files: silent,
      // While the last part has not been begun yet: all lanes together hold six.
      sendBytes: async (request) => {
        const answer = await sendThroughProxy(request)
        if (arrived.length >= 4) killed.abort()
        return answer
      },
    })
    await expect(killed.done).rejects.toHaveProperty('name', 'AbortError')
    const before = [...arrived]
    expect(before.length).toBeGreaterThanOrEqual(4)
    expect(before.length).toBeLessThan(PARTS.length)
    const { fileId } = await begin('key-killed-client').done
    // A part may be missing here whose answer the old client did not live to hear: the store has it all the same.
    expect(new Set(arrived).size).toBe(arrived.length)
    expect(arrived.length).toBeGreaterThan(before.length)
    await expectReadable(fileId)
  })

  it('is paused and resumed, and arrives whole', async () => {
    const upload = begin('key-paused')
    await expect.poll(() => arrived.length, { interval: 5, timeout: 30_000 }).toBeGreaterThan(0)
    upload.pause()
    const before = arrived.length
    upload.resume()
    const { fileId } = await upload.done
    expect(before).toBeLessThan(PARTS.length)
    await expectReadable(fileId)
  })

  it('is refused by the store when its bytes are altered on their way, and leaves nothing', async () => {
    const altering: SendBytes = async (request) => {
      const { body } = request
      const altered = new Uint8Array(body instanceof Blob ? await body.arrayBuffer() : body)
      altered[100] = (altered[100] ?? 0) ^ 1
      return sendThroughProxy({ ...request, body: altered })
    }
    const upload = begin('key-altered-bytes', { sendBytes: altering })
    await expect(upload.done).rejects.toHaveProperty('code', 'CHECKSUM_MISMATCH')
    expect(arrived).toEqual([])
    await expect(begin('key-altered-bytes').done).rejects.toHaveProperty('code', 'UPLOAD_ENDED')
  })
})
