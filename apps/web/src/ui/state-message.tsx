/** What fills a screen or a panel that has nothing else to show: empty, failed, not found. */
import { TriangleAlert, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { DescribedError } from '../describe-error.ts'
import { Button } from './button.tsx'

export interface StateMessageProps {
  icon: LucideIcon
  title: string
  children?: ReactNode
  /** What can be done about it. */
  action?: ReactNode
  /** An error is read aloud as it appears. */
  alert?: boolean
}

export function StateMessage({ icon: Icon, title, children, action, alert = false }: StateMessageProps) {
  return (
    <div
      role={alert ? 'alert' : undefined}
      className="animate-appear mx-auto flex max-w-sm flex-col items-center px-6 py-16 text-center"
    >
      <span className="mb-4 grid size-12 place-items-center rounded-xl bg-sunken text-ink-faint">
        <Icon aria-hidden className="size-5.5" strokeWidth={1.75} />
      </span>
      <h2 className="text-lg font-semibold text-ink">{title}</h2>
      {children !== undefined && <div className="mt-1 text-base text-balance text-ink-soft">{children}</div>}
      {action !== undefined && <div className="mt-5">{action}</div>}
    </div>
  )
}

export interface ErrorMessageProps {
  title: string
  error: DescribedError
  onRetry: () => void
  retrying: boolean
}

/** An error that trying again may cure. */
export function ErrorMessage({ title, error, onRetry, retrying }: ErrorMessageProps) {
  return (
    <StateMessage
      alert
      icon={TriangleAlert}
      title={title}
      action={
        <Button onClick={onRetry} busy={retrying}>
          Try again
        </Button>
      }
    >
      <p>{error.message}</p>
      {error.requestId !== undefined && (
        <p className="mt-2 text-xs text-ink-faint">
          Reference <span className="select-all">{error.requestId}</span>
        </p>
      )}
    </StateMessage>
  )
}
