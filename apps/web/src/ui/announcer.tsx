/** Says what happened to those who do not see it happen: one polite live region for the page. */
import { createStore, useStore } from 'zustand'

const store = createStore<{ text: string; turn: number }>(() => ({ text: '', turn: 0 }))

/** Has a sentence read aloud when the reader pauses. */
export function announce(text: string): void {
  store.setState(({ turn }) => ({ text, turn: turn + 1 }))
}

/** The region itself; once on the page. */
export function Announcer() {
  const { text, turn } = useStore(store)
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {/* The same sentence twice in a row is news as well. */}
      <span key={turn}>{text}</span>
    </div>
  )
}
