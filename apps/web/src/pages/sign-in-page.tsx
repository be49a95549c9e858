/** The way in. */
import { useStore } from 'zustand'
import { useSession } from '../features/session/session.ts'
import { SignInForm } from '../features/session/sign-in-form.tsx'
import { ThemeMenu } from '../features/theme/theme-menu.tsx'
import { CoverArt } from '../ui/cover-art.tsx'
import { Logo } from '../ui/logo.tsx'
import { useDocumentTitle } from '../ui/use-document-title.ts'

/** One landscape of many: its sun stands over the middle, which every window shows. */
const ART_SEED = 'birch'

export function SignInPage() {
  useDocumentTitle('Sign in')
  const hasExpired = useStore(useSession().store, ({ ended }) => ended === 'expired')
  return (
    <div className="grid min-h-full bg-surface lg:grid-cols-[minmax(0,30rem)_1fr]">
      <div className="flex flex-col px-6 pt-6 pb-10 sm:px-12">
        <header className="flex items-center justify-between">
          <Logo />
          <ThemeMenu />
        </header>
        <main className="mx-auto flex w-full max-w-sm grow flex-col justify-center py-12">
          <h1 className="text-2xl font-semibold tracking-tight">Sign in</h1>
          <p
            role={hasExpired ? 'status' : undefined}
            className="mt-1.5 mb-7 text-lg text-pretty text-ink-soft"
          >
            {hasExpired
              ? 'Your session has ended. Sign in to go on where you were.'
              : 'Good to have you here.'}
          </p>
          <SignInForm />
        </main>
      </div>
      <CoverArt seed={ART_SEED} className="hidden size-full lg:block" />
    </div>
  )
}
