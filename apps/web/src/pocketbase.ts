/** The one PocketBase client of the page: records, sign-in and realtime. No other module constructs one. */
import PocketBase from 'pocketbase'
import { createRequiredContext } from './required-context.ts'

export interface PocketBaseOptions {
  url: string
  /** A call did not get through: the address may have changed. */
  onUnreachable: () => void
}

/** Makes the client. Its auth store lives in localStorage, so that all tabs share one sign-in. */
export function createPocketBase(options: PocketBaseOptions): PocketBase {
  const pocketBase = new PocketBase(options.url)
  // The SDK would cancel a request when a second one to the same path starts: two cards renamed at once.
  pocketBase.autoCancellation(false)
  pocketBase.beforeSend = (url, init) => ({
    url,
    options: { ...init, fetch: fetchNoticing(options.onUnreachable) },
  })
  return pocketBase
}

function fetchNoticing(onUnreachable: () => void): typeof fetch {
  return async (input, init) => {
    try {
      return await fetch(input, init)
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) onUnreachable()
      throw error
    }
  }
}

export const [PocketBaseContext, usePocketBase] = createRequiredContext<PocketBase>('PocketBaseContext')
