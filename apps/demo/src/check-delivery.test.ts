import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { checkDelivery, checkStoreIsPrivate } from './check-delivery.ts'
import { hashStream } from './hash-stream.ts'

const bytes = new TextEncoder().encode('the bytes of a file')
const uploaded = await hashStream(new Blob([bytes]).stream())
let server: Server | undefined

/** A store that answers in one way those who have a signature, and in another those who have not. */
async function serve(
  signed: (response: ServerResponse) => void,
  anonymous: (response: ServerResponse) => void,
) {
  const listening = createServer(({ url }, response) => (url?.includes('?') ? signed : anonymous)(response))
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/files/a?signature=1`
}

const answer = (status: number, body?: Uint8Array | string) => (response: ServerResponse) =>
  void response.writeHead(status).end(body)

afterEach(async () => {
  server?.closeAllConnections()
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)))
})

describe('checkDelivery', () => {
  it.each([401, 403])('passes when the bytes come back and a stranger gets %i', async (status) => {
    const url = await serve(answer(200, bytes), answer(status))
    expect(await checkDelivery(url, uploaded)).toEqual({
      urlStatus: 200,
      anonymousStatus: status,
      problems: [],
    })
  })

  it('passes for an empty file', async () => {
    const url = await serve(answer(200), answer(403))
    const empty = await hashStream(new Blob([]).stream())
    expect(await checkDelivery(url, empty)).toHaveProperty('problems', [])
  })

  it('fails when a byte is another', async () => {
    const url = await serve(answer(200, 'the bytes of a fine'), answer(403))
    expect(await checkDelivery(url, uploaded)).toHaveProperty('problems', [
      'the bytes that came back are others',
    ])
  })

  it('fails when some are missing', async () => {
    const url = await serve(answer(200, bytes.subarray(1)), answer(403))
    const { problems } = await checkDelivery(url, uploaded)
    expect(problems).toEqual(['18 bytes came back of 19', 'the bytes that came back are others'])
  })

  it.each([206, 403, 404, 500])('fails when the URL answers %i', async (status) => {
    const url = await serve(answer(status, bytes), answer(403))
    expect(await checkDelivery(url, uploaded)).toMatchObject({
      urlStatus: status,
      problems: [`its URL answers ${status}`],
    })
  })

  it.each([200, 404, 500])('fails when a stranger gets %i', async (status) => {
    const url = await serve(answer(200, bytes), answer(status, bytes))
    expect(await checkDelivery(url, uploaded)).toMatchObject({
      anonymousStatus: status,
      problems: [`read without permission, it answers ${status}`],
    })
  })
})

describe('checkStoreIsPrivate', () => {
  it('passes when a stranger is refused, and fails when they may list', async () => {
    const open = await serve(answer(200), answer(200, '<List/>'))
    expect(await checkStoreIsPrivate(open)).toEqual([
      'the object store lists what it has to anyone: it answers 200',
    ])
    server?.close()
    const closed = await serve(answer(200), answer(403))
    expect(await checkStoreIsPrivate(closed)).toEqual([])
  })
})
