/** What frames every screen of a signed-in person. */
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState, type RefObject } from 'react'
import { useStore } from 'zustand'
import { OfflineBanner } from '../features/connection/offline-banner.tsx'
import { AccountMenu } from '../features/session/account-menu.tsx'
import { useSession } from '../features/session/session.ts'
import { ThemeMenu } from '../features/theme/theme-menu.tsx'
import { useIgnoreMissedDrops } from '../features/uploads/file-drop-zone.tsx'
import { useUploadQueue } from '../features/uploads/upload-queue.ts'
import { UploadTray } from '../features/uploads/upload-tray.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { countOf } from '../ui/count-of.ts'
import { Logo } from '../ui/logo.tsx'

const MAIN_ID = 'main'

/** A new screen begins at its beginning for the keyboard too. The first one is left as the browser made it. */
function useFocusNewScreen(main: RefObject<HTMLElement | null>): void {
  const pathname = useRouterState({ select: ({ location }) => location.pathname })
  const known = useRef(pathname)
  useEffect(() => {
    if (known.current === pathname) return
    known.current = pathname
    main.current?.focus({ preventScroll: true })
  }, [main, pathname])
}

/** Signs out, asking first when uploads would be lost. */
function useSignOut() {
  const session = useSession()
  const uploads = useStore(useUploadQueue().store, ({ totals }) => totals.active)
  const [asking, setAsking] = useState(false)
  return {
    request: () => (uploads > 0 ? setAsking(true) : session.signOut()),
    dialog: (
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Sign out now?"
        confirmLabel="Sign out"
        onConfirm={session.signOut}
      >
        {countOf(uploads, 'upload')} would be stopped.
      </ConfirmDialog>
    ),
  }
}

/** Another person's screens begin anew: nothing that one of them remembers is the former person's. */
export function AppShell() {
  const personId = useStore(useSession().store, ({ person }) => person?.id)
  return <Shell key={personId} />
}

function Shell() {
  const main = useRef<HTMLElement>(null)
  const signOut = useSignOut()
  useFocusNewScreen(main)
  useIgnoreMissedDrops()
  return (
    <div className="flex h-full flex-col">
      <a
        href={`#${MAIN_ID}`}
        className="sr-only focus-visible:not-sr-only focus-visible:fixed focus-visible:top-2 focus-visible:left-2 focus-visible:z-50 focus-visible:rounded-md focus-visible:bg-surface focus-visible:px-3 focus-visible:py-2"
      >
        Skip to content
      </a>
      <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line bg-surface px-4 sm:px-6">
        <Link to="/" aria-label="Studio, all projects" className="-mx-1.5 flex rounded-md px-1.5 py-1">
          <Logo />
        </Link>
        <div className="ml-auto flex items-center gap-1">
          <ThemeMenu />
          <AccountMenu onSignOut={signOut.request} />
        </div>
      </header>
      <OfflineBanner />
      <main ref={main} id={MAIN_ID} tabIndex={-1} className="flex min-h-0 grow flex-col outline-none">
        <Outlet />
      </main>
      <UploadTray />
      {signOut.dialog}
    </div>
  )
}
