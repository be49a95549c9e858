/** Tests of what an anonymous request's answer is taken for. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { isOpenToStrangers } from './s3-anonymous-probe.ts'

/** Probes a server that answers a request of the object, and one of the listing, with these statuses. */
async function probe(statuses: { object: number; listing: number }): Promise<boolean> {
  const asked: string[] = []
  const server = createServer((request, reply) => {
    asked.push(`${request.url} ${request.headers.authorization ?? 'without credentials'}`)
    const status = request.url?.includes('max-keys') ? statuses.listing : statuses.object
    reply.writeHead(status, { location: '/elsewhere' }).end('body')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await isOpenToStrangers({ bucketUrl: `http://127.0.0.1:${port}/bucket`, key: 'a key', fetch })
  } finally {
    expect(asked.sort()).toEqual([
      '/bucket/a%20key without credentials',
      '/bucket?list-type=2&max-keys=1 without credentials',
      '/bucket?max-keys=1 without credentials',
    ])
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

describe('a stranger', () => {
  it.each([400, 401, 403, 404])('is refused with status %d', async (status) => {
    expect(await probe({ object: status, listing: 403 })).toBe(false)
  })

  it('may read when the object is handed out', async () => {
    expect(await probe({ object: 200, listing: 403 })).toBe(true)
  })

  it('may read when the listing is handed out', async () => {
    expect(await probe({ object: 403, listing: 200 })).toBe(true)
  })

  it('may read when one is handed out and the other cannot be told', async () => {
    expect(await probe({ object: 200, listing: 503 })).toBe(true)
  })

  it.each([301, 307, 408, 429, 500, 503])('is neither refused nor served with status %d', async (status) => {
    await expect(probe({ object: 403, listing: status })).rejects.toThrow(`status ${status}`)
  })
})
