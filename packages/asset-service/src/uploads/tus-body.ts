/** Reads a request's body chunk by chunk: ended, cut off, silent for too long and called off are four different things. */
import type { Readable } from 'node:stream'
import { StudioError } from '@studio/contracts/studio-error'

/** The bytes ended before they should have, and what came until then is worth keeping. */
export class BodyInterrupted extends Error {
  override readonly name = 'BodyInterrupted'
}

export interface ReadBody {
  body: Readable
  /** Called off: another request wants to go on with this upload, or its lock was lost. */
  signal: AbortSignal
  /** A client that says nothing for so long is gone, whatever TCP thinks. */
  stallSeconds: number
}

export interface BodyReader {
  /** `undefined` at the end; `'waiting'` when nothing has come for `patienceMs`. Rejects with `BodyInterrupted`. */
  next(patienceMs: number): Promise<Buffer | 'waiting' | undefined>
}

/** A reader of a body that nobody else reads. */
export function createBodyReader({ body, signal, stallSeconds }: ReadBody): BodyReader {
  let lastHeard = performance.now()
  let wasHeard = true
  let failure: unknown
  body.on('error', (error) => {
    failure = error
  })

  /** What is known without waiting. */
  const look = (): Buffer | 'end' | undefined => {
    if (signal.aborted) throw new BodyInterrupted('called off', { cause: signal.reason })
    const chunk: unknown = body.read()
    if (chunk instanceof Buffer) return chunk
    if (body.readableEnded) return 'end'
    if (failure !== undefined || body.destroyed)
      throw new BodyInterrupted('cut off', {
        cause: new StudioError('UPLOAD_INCOMPLETE', { cause: failure }),
      })
    if (performance.now() - lastHeard < stallSeconds * 1000) return undefined
    throw new BodyInterrupted('silent', { cause: new StudioError('UPLOAD_INCOMPLETE') })
  }

  const waitForNews = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const over = (): void => {
        clearTimeout(timer)
        for (const event of ['readable', 'end', 'error', 'close']) body.off(event, over)
        signal.removeEventListener('abort', over)
        resolve()
      }
      const timer = setTimeout(over, milliseconds)
      for (const event of ['readable', 'end', 'error', 'close']) body.once(event, over)
      signal.addEventListener('abort', over, { once: true })
    })

  return {
    async next(patienceMs) {
      // Whom we kept waiting was not silent.
      if (wasHeard) lastHeard = performance.now()
      wasHeard = false
      const until = performance.now() + patienceMs
      for (;;) {
        const seen = look()
        if (seen === 'end') return undefined
        if (seen !== undefined) {
          wasHeard = true
          return seen
        }
        const now = performance.now()
        if (now >= until) return 'waiting'
        await waitForNews(Math.min(until, lastHeard + stallSeconds * 1000 + 1) - now)
      }
    },
  }
}
