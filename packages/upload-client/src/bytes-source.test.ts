import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { PART, request, serve, clientOf, stored, WHOLE, bytes as whole } from '../test/parted-file.ts'
import { BytesSource } from './bytes-source.ts'

const bytes = new Uint8Array(randomBytes(1_000))

describe('bytes as a source', () => {
  it('read like a blob of them', async () => {
    const [source, blob] = [new BytesSource(bytes), new Blob([bytes])]
    expect(source).toBeInstanceOf(Blob)
    for (const [start, end] of [[], [10], [10, 20], [-10], [5, -5], [990, 2_000], [20, 10]]) {
      const [part, expected] = [source.slice(start, end), blob.slice(start, end)]
      expect(part.size).toBe(expected.size)
      expect(await part.arrayBuffer()).toEqual(await expected.arrayBuffer())
      expect(await part.text()).toBe(await expected.text())
    }
    expect(await new Response(source.stream()).arrayBuffer()).toEqual(await blob.arrayBuffer())
  })

  it('are not copied', async () => {
    const part = await new BytesSource(bytes).slice(10, 20).bytes()
    expect(part.buffer).toBe(bytes.buffer)
    expect(part.byteOffset).toBe(bytes.byteOffset + 10)
  })

  it('go up in parts, each sent as the view that was hashed', async () => {
    const server = serve()
    const views = new Set<ArrayBufferLike>()
    const source = new Uint8Array(whole)
    await clientOf(server, {
      sendBytes: (sent) => {
        if (sent.body instanceof Uint8Array) views.add(sent.body.buffer)
        return server.sendBytes(sent)
      },
    }).upload({ ...request, source: new BytesSource(source) })
    expect([...views]).toEqual([source.buffer])
    expect(source.length).toBeGreaterThan(PART)
    expect(stored(server)).toEqual(WHOLE)
  })
})
