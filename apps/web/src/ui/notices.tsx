/** Short messages at the edge of the screen, read aloud as they come. */
import { CircleAlert, Info, X } from 'lucide-react'
import { Toast } from 'radix-ui'
import { createStore, useStore } from 'zustand'
import { Button, IconButton } from './button.tsx'

/** One thing that can be done about what the message says. */
export interface NoticeAction {
  label: string
  run: () => void
}

interface Notice {
  id: number
  kind: 'info' | 'error'
  text: string
  action: NoticeAction | undefined
}

const store = createStore<{ notices: Notice[] }>(() => ({ notices: [] }))
let lastId = 0

/** Long enough to read two sentences twice. */
const SHOWN_MS = 8_000

/** Shows a message. The same words are not shown twice at a time. */
export function notify(kind: Notice['kind'], text: string, action?: NoticeAction): void {
  const { notices } = store.getState()
  if (notices.some((notice) => notice.text === text)) return
  lastId += 1
  store.setState({ notices: [...notices, { id: lastId, kind, text, action }] })
}

/** When another person signs in, what was said to the former one goes. */
export function clearNotices(): void {
  store.setState({ notices: [] })
}

function dismiss(id: number): void {
  store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }))
}

function NoticeToast({ notice }: { notice: Notice }) {
  const Icon = notice.kind === 'error' ? CircleAlert : Info
  return (
    <Toast.Root
      type={notice.kind === 'error' ? 'foreground' : 'background'}
      duration={SHOWN_MS}
      onOpenChange={(open) => !open && dismiss(notice.id)}
      className="animate-rise flex items-start gap-3 rounded-lg border border-line bg-surface py-2.5 pr-2 pl-3.5 shadow-floating"
    >
      <Icon
        aria-hidden
        className={
          notice.kind === 'error'
            ? 'mt-1.5 size-4 shrink-0 text-danger'
            : 'mt-1.5 size-4 shrink-0 text-accent'
        }
      />
      <Toast.Description className="grow py-1.5 text-base text-pretty">{notice.text}</Toast.Description>
      {notice.action !== undefined && (
        // The alternative text is for those whose screen reader has passed on when they want it.
        <Toast.Action asChild altText={`${notice.action.label}: ${notice.text}`}>
          <Button variant="quiet" size="sm" onClick={notice.action.run}>
            {notice.action.label}
          </Button>
        </Toast.Action>
      )}
      <Toast.Close asChild>
        <IconButton label="Dismiss" size="sm">
          <X aria-hidden className="size-4" />
        </IconButton>
      </Toast.Close>
    </Toast.Root>
  )
}

/** Where the messages appear; once on the page. */
export function Notices() {
  const notices = useStore(store, (state) => state.notices)
  return (
    <Toast.Provider label="Message" swipeDirection="right">
      {notices.map((notice) => (
        <NoticeToast key={notice.id} notice={notice} />
      ))}
      <Toast.Viewport
        label="Messages ({hotkey})"
        className="fixed left-0 z-50 flex w-full max-w-100 flex-col gap-2 p-4 outline-none max-sm:top-14 sm:bottom-0"
      />
    </Toast.Provider>
  )
}
