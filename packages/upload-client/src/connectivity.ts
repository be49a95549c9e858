/** Whether this machine has a network at all. Without one an upload waits; it does not fail. */

export interface Connectivity {
  isOnline(): boolean
  /** Resolves once there is a network; rejects with the signal's reason when that aborts first. */
  untilOnline(signal: AbortSignal): Promise<void>
}

/** As the browser says (HTML Standard, "navigator.onLine"). Where nobody says anything, as in Node, there is a network. */
export const platformConnectivity: Connectivity = {
  isOnline: isPlatformOnline,
  untilOnline: (signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      if (isPlatformOnline()) return resolve()
      const settle = (how: () => void) => {
        globalThis.removeEventListener('online', online)
        signal.removeEventListener('abort', abort)
        how()
      }
      const online = () => settle(resolve)
      const abort = () => settle(() => reject(signal.reason))
      globalThis.addEventListener('online', online)
      signal.addEventListener('abort', abort)
    }),
}

function isPlatformOnline(): boolean {
  const platform: { onLine?: boolean } | undefined = globalThis.navigator
  return platform?.onLine !== false
}
