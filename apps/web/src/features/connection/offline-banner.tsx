/** Says so when live updates have been away for more than a moment. */
import { CloudOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { useRealtime } from '../../realtime.ts'

/** A reconnect takes well under a second; only what lasts longer is worth a line on the screen. */
export const BANNER_DELAY_MS = 3_000

/** Have live updates been away for longer than `BANNER_DELAY_MS`? */
function useIsLongAway(): boolean {
  const { state, since } = useStore(useRealtime().status)
  const away = state === 'connecting' || state === 'lost'
  const [longAwaySince, setLongAwaySince] = useState<number | null>(null)
  useEffect(() => {
    if (!away) return undefined
    const timer = setTimeout(() => setLongAwaySince(since), Math.max(0, since + BANNER_DELAY_MS - Date.now()))
    return () => clearTimeout(timer)
  }, [away, since])
  return away && longAwaySince === since
}

export function OfflineBanner() {
  const shown = useIsLongAway()
  return (
    <div role="status">
      {shown && (
        <p className="animate-appear flex items-center justify-center gap-2 bg-caution-wash px-4 py-2 text-center text-sm font-medium text-caution">
          <CloudOff aria-hidden className="size-4 shrink-0" />
          Live updates are paused. Reconnecting…
        </p>
      )}
    </div>
  )
}
