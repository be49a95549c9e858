/** Renews the token long before it ends, for as long as somebody is signed in. */
import type { Session } from './session.ts'

/** A third of a token's life of one hour (infra/pocketbase): two renewals may fail before it matters. */
const RENEW_EVERY_MS = 20 * 60_000

/** The server could not be asked. */
const RETRY_AFTER_MS = 60_000

/**
 * Renews now, which also finds out whether a token from an earlier visit still works, and from then on. A device that
 * slept renews as it wakes.
 */
export function keepFresh(session: Session): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let due = 0

  async function renew(): Promise<void> {
    clearTimeout(timer)
    if (session.store.getState().person === null) return
    due = Date.now() + RENEW_EVERY_MS
    const renewed = await session.renew().then(
      () => true,
      () => false,
    )
    plan(renewed ? RENEW_EVERY_MS : RETRY_AFTER_MS)
  }

  function plan(delay: number): void {
    due = Date.now() + delay
    timer = setTimeout(() => void renew(), delay)
  }

  session.store.subscribe(({ person }, before) => {
    if (person !== null && before.person === null) plan(RENEW_EVERY_MS)
  })
  // Timers stand still while a device sleeps.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && Date.now() >= due) void renew()
  })
  void renew()
}
