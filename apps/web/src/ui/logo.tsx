/** Studio's mark: a card in front of another. */
import { classNames } from './class-names.ts'

export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={classNames('shrink-0', className)}>
      <path
        className="fill-ink"
        d="M4 9.5A3.500 3.5 0 0 1 7.5 6h11A3.500 3.5 0 0 1 22 9.500V10h-7.500A4.500 4.5 0 0 0 10 14.5V22H7.500A3.500 3.5 0 0 1 4 18.5z"
      />
      <rect className="fill-accent" x="12" y="12" width="16" height="14" rx="3.5" />
    </svg>
  )
}

/** The mark with the name. */
export function Logo({ className }: { className?: string }) {
  return (
    <span className={classNames('inline-flex items-center gap-2', className)}>
      <LogoMark className="size-6" />
      <span className="text-lg font-semibold tracking-tight">Studio</span>
    </span>
  )
}
