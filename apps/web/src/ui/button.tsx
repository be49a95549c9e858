/** Buttons: with words, or an icon alone with its name for those who cannot see it. */
import { Tooltip } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Spinner } from './spinner.tsx'

const BASE =
  'inline-flex shrink-0 items-center justify-center gap-2 rounded-md font-medium whitespace-nowrap select-none ' +
  'transition-colors duration-100 disabled:opacity-55'

const VARIANTS = {
  primary: 'bg-accent text-on-accent enabled:hover:bg-accent-strong',
  secondary:
    'border border-line bg-surface text-ink shadow-raised enabled:hover:border-line-strong/60 enabled:hover:bg-canvas',
  quiet: 'text-ink-soft enabled:hover:bg-ink/6 enabled:hover:text-ink',
  floating:
    'bg-surface/85 text-ink-soft shadow-raised backdrop-blur enabled:hover:bg-surface enabled:hover:text-ink',
  danger: 'bg-danger text-on-danger enabled:hover:bg-danger-strong',
} as const

const SIZES = { sm: 'h-8 px-2.5 text-sm', md: 'h-9 px-3.5 text-base', lg: 'h-11 px-4 text-lg' } as const

export interface ButtonProps extends ComponentProps<'button'> {
  variant?: keyof typeof VARIANTS
  size?: keyof typeof SIZES
  /** Work is under way: the button stays where it is and cannot be pressed again. */
  busy?: boolean
}

/** A button with words. */
export function Button({
  variant = 'secondary',
  size = 'md',
  busy = false,
  className,
  disabled,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      className={classNames(BASE, VARIANTS[variant], SIZES[size], className)}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy && <Spinner />}
      {children}
    </button>
  )
}

export interface IconButtonProps extends ComponentProps<'button'> {
  /** Read aloud, and shown while the pointer rests on it. */
  label: string
  size?: 'sm' | 'md'
  /** `floating` stands on a picture. */
  variant?: 'quiet' | 'floating'
  children: ReactNode
}

/** A button that shows an icon only. */
export function IconButton({
  label,
  size = 'md',
  variant = 'quiet',
  className,
  children,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>
        <button
          type="button"
          aria-label={label}
          className={classNames(BASE, VARIANTS[variant], size === 'sm' ? 'size-8' : 'size-9', className)}
          {...rest}
        >
          {children}
        </button>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={6}
          className="animate-appear z-50 rounded-sm bg-ink px-2 py-1 text-xs font-medium text-canvas"
        >
          {label}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
