/** The last resort: a screen that broke says so instead of going blank. */
import type { ErrorComponentProps } from '@tanstack/react-router'
import { describeError } from '../describe-error.ts'
import { ErrorMessage } from '../ui/state-message.tsx'

export function FailedPage({ error, reset }: ErrorComponentProps) {
  return (
    <div className="grid min-h-full place-items-center">
      <ErrorMessage
        title="This screen could not be shown"
        error={describeError(error)}
        onRetry={reset}
        retrying={false}
      />
    </div>
  )
}
