import { randomBytes } from 'node:crypto'
import Uppy from '@uppy/core'
import { describe, expect, it } from 'vitest'
import { createInMemoryServer, type CallName, type Fault } from '../test/in-memory-server.ts'
import { PART, PARTS, bytes as large } from '../test/parted-file.ts'
import { createTestClock } from '../test/test-clock.ts'
import { createUploadClient } from './upload-client.ts'
import { StudioUpload } from './uppy.ts'

const target = { projectId: 'project00000001' }

/** A real Uppy whose files go to a server that fails as it is told to. */
function setUp(onCall: (name: CallName) => Fault = () => 'none', limit = 3) {
  const server = createInMemoryServer(onCall, { partSize: PART })
  const client = createUploadClient({
    files: server.files,
    sendBytes: server.sendBytes,
    inlineMaxBytes: 1_000,
    patienceMilliseconds: 1_000,
    ...createTestClock(),
  })
  const uppy = new Uppy().use(StudioUpload, { client, target, limit })
  const add = (content: Uint8Array<ArrayBuffer>, name = 'a.bin') =>
    uppy.addFile({ name, type: 'image/png', data: new Blob([content]) })
  return { server, uppy, add, rows: () => [...server.rows.values()] }
}

describe('Uppy with the plugin', () => {
  it('uploads small and large files, tells their progress and gives what was stored', async () => {
    const { uppy, add, rows } = setUp()
    const small = randomBytes(10)
    const ids = [add(small, 'small.png'), add(large, 'large.png')]
    const progress = new Map<string | undefined, number[]>()
    uppy.on('upload-progress', (file, { bytesUploaded }) => {
      progress.set(file?.id, [...(progress.get(file?.id) ?? []), bytesUploaded || 0])
    })
    const result = await uppy.upload()
    expect(result?.failed).toEqual([])
    expect(result?.successful?.map(({ response }) => response?.body)).toMatchObject([
      { name: 'small.png', size: 10, mimeType: 'image/png' },
      { name: 'large.png', size: large.length },
    ])
    expect(rows().map(({ state, input }) => [state, input.projectId])).toEqual(
      Array(2).fill(['ready', target.projectId]),
    )
    const ofLarge = progress.get(ids[1]) ?? []
    expect(ofLarge.at(-1)).toBe(large.length)
    expect(ofLarge.length).toBeGreaterThan(PARTS.length)
  })

  it('goes on at a retry with what the store does not have', async () => {
    let isBroken = true
    const { server, uppy, add } = setUp((name) =>
      name === 'put' && isBroken && server.confirmed.length >= 7 ? 'unavailable' : 'none',
    )
    add(large)
    const failed = await uppy.upload()
    expect(failed?.failed?.map(({ error }) => error)).toEqual([expect.stringContaining('storage')])
    isBroken = false
    const retried = await uppy.retryAll()
    expect(retried?.successful).toHaveLength(1)
    expect(server.confirmed.toSorted((a, b) => a - b)).toEqual(PARTS)
  })

  it('begins anew at a retry after an error that ended the upload', async () => {
    let isDamaged = true
    const { uppy, add, rows } = setUp((name) => (name === 'put' && isDamaged ? 'damaged' : 'none'))
    add(large)
    expect((await uppy.upload())?.failed).toHaveLength(1)
    isDamaged = false
    expect((await uppy.retryAll())?.successful).toHaveLength(1)
    expect(rows().map(({ state }) => state)).toEqual(['expired', 'ready'])
  })

  it('pauses and resumes, one file and all', async () => {
    const { server, uppy, add } = setUp()
    const id = add(large)
    let toggled = 0
    uppy.on('upload-progress', () => {
      if (server.confirmed.length < 3 * (toggled + 1) || toggled === 2) return
      toggled += 1
      const [hold, goOn] =
        toggled === 1
          ? [() => uppy.pauseResume(id), () => uppy.pauseResume(id)]
          : [() => uppy.pauseAll(), () => uppy.resumeAll()]
      hold()
      expect(uppy.getFile(id).isPaused).toBe(true)
      setTimeout(goOn, 30)
    })
    const result = await uppy.upload()
    expect(toggled).toBe(2)
    expect(result?.successful).toHaveLength(1)
    expect(server.confirmed.toSorted((a, b) => a - b)).toEqual(PARTS)
  })

  it.each(['removeFile', 'cancelAll'] as const)('frees what was begun at %s', async (how) => {
    const { server, uppy, add, rows } = setUp()
    const id = add(large)
    uppy.on('upload-progress', () => {
      if (server.confirmed.length === 2) uppy[how](id)
    })
    await uppy.upload()
    await expect.poll(() => rows().map(({ state }) => state)).toEqual(['expired'])
  })

  it('sends no more files at once than it may', async () => {
    let [now, most] = [0, 0]
    const { server, uppy, add } = setUp(undefined, 2)
    const { uploadInline } = server.files
    server.files.uploadInline = async (...call) => {
      most = Math.max(most, (now += 1))
      await new Promise((resolve) => setTimeout(resolve, 5))
      return uploadInline(...call).finally(() => (now -= 1))
    }
    for (let index = 0; index < 7; index += 1) add(randomBytes(10 + index), `${index}.bin`)
    expect((await uppy.upload())?.successful).toHaveLength(7)
    expect(most).toBe(2)
  })

  it('leaves nothing of itself when it is removed', async () => {
    const { uppy, add, server } = setUp()
    const plugin = uppy.getPlugin('StudioUpload')
    if (plugin === undefined) throw new Error('Not installed')
    uppy.removePlugin(plugin)
    add(randomBytes(10))
    await uppy.upload()
    expect(server.calls).toEqual([])
    expect(uppy.getState().capabilities.resumableUploads).toBe(false)
  })
})
