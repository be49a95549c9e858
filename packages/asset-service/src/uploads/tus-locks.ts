/**
 * Locks of tus uploads that hold across replicas: leases in the registry with a token that only grows, so that whoever lost
 * one can change nothing any more. Who waits for a lock has its holder asked to let go (tus 1.0, "Concurrency").
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { FileId } from '@studio/contracts/file'
import { StudioError } from '@studio/contracts/studio-error'
import type { Ports } from '../ports/ports.ts'
import type { TusLock } from '../ports/tus-uploads.ts'

/** A process that died holds up its uploads for so long at most. */
const LEASE_SECONDS = 10
/** One statement for all locks of this process; also how soon a holder hears that another replica's request waits. */
const RENEW_EVERY_MS = 500
const ASK_EVERY_MS = 100
/** Longer than a lease, so that a lock whose holder died is got. */
const WAIT_MS = 20_000

export interface HeldLock extends TusLock {
  /** Aborted when somebody else wants the lock, or when it is lost. */
  signal: AbortSignal
  release(): Promise<void>
}

export interface TusLocks {
  /** Resolves to `undefined` when there is no such upload to lock. Rejects with `UPLOAD_BUSY` when its holder does not let go. */
  take(fileId: FileId): Promise<HeldLock | undefined>
}

interface Holding {
  lock: TusLock
  stop: AbortController
}

/** The locks of one process. Its timer runs only while there are any. */
export function createTusLocks(ports: Pick<Ports, 'tus' | 'onBackgroundError'>): TusLocks {
  const holdings = new Map<FileId, Holding>()
  let timer: NodeJS.Timeout | undefined

  async function renewAll(): Promise<void> {
    const asked = [...holdings.values()]
    const kept = await ports.tus.renew(
      asked.map(({ lock }) => lock),
      LEASE_SECONDS,
    )
    const byFile = new Map(kept.map((lock) => [lock.fileId, lock]))
    for (const { lock, stop } of asked) {
      const renewed = byFile.get(lock.fileId)
      if (renewed === undefined || renewed.isReleaseWanted) stop.abort(new StudioError('UPLOAD_BUSY'))
    }
  }

  function schedule(): void {
    if (timer !== undefined || holdings.size === 0) return
    timer = setTimeout(() => {
      void renewAll()
        .catch((error: unknown) => ports.onBackgroundError(error, 'renewing locks of uploads'))
        .then(() => {
          timer = undefined
          schedule()
        })
    }, RENEW_EVERY_MS)
  }

  function hold(lock: TusLock): HeldLock {
    const holding: Holding = { lock, stop: new AbortController() }
    holdings.set(lock.fileId, holding)
    schedule()
    return {
      ...lock,
      signal: holding.stop.signal,
      async release() {
        if (holdings.get(lock.fileId) === holding) holdings.delete(lock.fileId)
        await ports.tus.unlock(lock)
      },
    }
  }

  return {
    async take(fileId) {
      const deadline = performance.now() + WAIT_MS
      for (;;) {
        const lock = await ports.tus.tryLock(fileId, LEASE_SECONDS)
        if (lock === 'absent') return undefined
        if (lock !== 'held') return hold(lock)
        // In the same process the holder need not wait to be told.
        holdings.get(fileId)?.stop.abort(new StudioError('UPLOAD_BUSY'))
        if (performance.now() >= deadline) throw new StudioError('UPLOAD_BUSY')
        await pause(ASK_EVERY_MS)
      }
    },
  }
}
