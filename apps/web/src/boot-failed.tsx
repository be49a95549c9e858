/** The page is here, but nothing behind it answers. */
import { useState } from 'react'
import { describeError } from './describe-error.ts'
import { Logo } from './ui/logo.tsx'
import { ErrorMessage } from './ui/state-message.tsx'

export interface BootFailedProps {
  error: unknown
  onRetry: () => Promise<void>
}

export function BootFailed({ error, onRetry }: BootFailedProps) {
  const [retrying, setRetrying] = useState(false)
  async function retry(): Promise<void> {
    setRetrying(true)
    await onRetry()
    setRetrying(false)
  }
  return (
    <div className="flex min-h-full flex-col p-6">
      <Logo />
      <main className="grid grow place-items-center">
        <ErrorMessage
          title="Studio could not be reached"
          error={describeError(error)}
          onRetry={() => void retry()}
          retrying={retrying}
        />
      </main>
    </div>
  )
}
