/** Pausing, resuming, and waiting for a network, in an upload in parts. */
import { describe, expect, it } from 'vitest'
import type { Connectivity } from './connectivity.ts'
import type { UploadClientOptions } from './upload-client.ts'
import { clientOf, PARTS, puts, request, serve, source, stored, WHOLE } from '../test/parted-file.ts'

describe('holding an upload', () => {
  it('stops sending when it is paused, and goes on when it is resumed', async () => {
    const server = serve()
    let pausedAt = 0
    const sendBytes: UploadClientOptions['sendBytes'] = (sent) => {
      if (puts(server) === 5 && pausedAt === 0) {
        upload.pause()
        pausedAt = puts(server)
        setTimeout(() => {
          expect(puts(server)).toBe(pausedAt)
          upload.resume()
        }, 50)
      }
      return sent.signal.aborted ? Promise.reject(sent.signal.reason) : server.sendBytes(sent)
    }
    const upload = clientOf(server, { sendBytes }).createUpload({ ...request, source: source() })
    await upload.done
    expect(pausedAt).toBe(5)
    expect(stored(server)).toEqual(WHOLE)
    expect(server.confirmed.toSorted((a, b) => a - b)).toEqual(PARTS)
  })

  it('can be cancelled while it is paused', async () => {
    const server = serve()
    const sendBytes: UploadClientOptions['sendBytes'] = (sent) => {
      upload.pause()
      setTimeout(upload.abort, 10)
      return Promise.reject(sent.signal.reason)
    }
    const upload = clientOf(server, { sendBytes }).createUpload({ ...request, source: source() })
    await expect(upload.done).rejects.toHaveProperty('name', 'AbortError')
    expect(stored(server)).toMatchObject([{ state: 'expired' }])
  })

  it('waits without a network, for as long as it takes, and spends no tries on it', async () => {
    let isOnline = true
    let waits = 0
    const connectivity: Connectivity = {
      isOnline: () => isOnline,
      untilOnline: async () => {
        if (isOnline) return
        waits += 1
        await new Promise((resolve) => setTimeout(resolve, 50))
        isOnline = true
      },
    }
    const server = serve((name) => {
      if (name === 'put' && server.confirmed.length === 4 && waits === 0) isOnline = false
      return isOnline ? 'none' : 'lost-request'
    })
    await clientOf(server, {
      connectivity,
      sleep: () => Promise.reject(new Error('Took it for a failure')),
    }).upload({
      ...request,
      source: source(),
    })
    expect(waits).toBeGreaterThan(0)
    expect(stored(server)).toEqual(WHOLE)
    expect(server.confirmed.toSorted((a, b) => a - b)).toEqual(PARTS)
  })
})
