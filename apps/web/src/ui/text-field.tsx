/** A labelled line of text. */
import { useId, type ComponentProps, type ReactNode } from 'react'
import { classNames } from './class-names.ts'

/** 16 px on phones: iOS zooms into anything smaller. */
export const INPUT_CLASS =
  'w-full rounded-md border border-line-strong/70 bg-surface px-3 text-lg text-ink placeholder:text-ink-faint ' +
  'transition-colors duration-100 hover:border-line-strong focus-visible:border-accent focus-visible:outline-1 ' +
  'focus-visible:outline-offset-0 md:text-base aria-invalid:border-danger'

export interface TextFieldProps extends ComponentProps<'input'> {
  label: string
  /** What sits inside the field at its end, such as a button that shows a password. */
  trailing?: ReactNode
}

export function TextField({ label, trailing, className, ...rest }: TextFieldProps) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium text-ink-soft">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          className={classNames(INPUT_CLASS, 'h-11', trailing !== undefined && 'pr-11')}
          {...rest}
        />
        {trailing !== undefined && (
          <div className="absolute inset-y-0 right-1 flex items-center">{trailing}</div>
        )}
      </div>
    </div>
  )
}
