/** The place of something that is still loading. Decoration: the list around it says that it is busy. */
import { classNames } from './class-names.ts'

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classNames('animate-breathe rounded-md bg-ink/7', className)} />
}
