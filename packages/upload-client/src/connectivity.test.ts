import { afterEach, describe, expect, it, vi } from 'vitest'
import { platformConnectivity } from './connectivity.ts'

const { signal } = new AbortController()

/** As a window is to scripts: something that hears events. */
function stubBrowser(onLine: boolean) {
  const events = new EventTarget()
  const navigator = { onLine }
  vi.stubGlobal('navigator', navigator)
  vi.stubGlobal('addEventListener', events.addEventListener.bind(events))
  vi.stubGlobal('removeEventListener', events.removeEventListener.bind(events))
  return {
    goOnline: () => {
      navigator.onLine = true
      events.dispatchEvent(new Event('online'))
    },
  }
}

afterEach(() => vi.unstubAllGlobals())

describe('whether there is a network', () => {
  it('is taken for granted where nobody says anything', async () => {
    vi.stubGlobal('navigator', undefined)
    expect(platformConnectivity.isOnline()).toBe(true)
    await platformConnectivity.untilOnline(signal)
  })

  it('is what the browser says, and waiting ends when it comes back', async () => {
    const { goOnline } = stubBrowser(false)
    expect(platformConnectivity.isOnline()).toBe(false)
    let isBack = false
    const waiting = platformConnectivity.untilOnline(signal).then(() => (isBack = true))
    await Promise.resolve()
    expect(isBack).toBe(false)
    goOnline()
    await waiting
    expect(platformConnectivity.isOnline()).toBe(true)
  })

  it('is waited for no longer than somebody wants to', async () => {
    stubBrowser(false)
    const controller = new AbortController()
    const waiting = platformConnectivity.untilOnline(controller.signal)
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })
})
