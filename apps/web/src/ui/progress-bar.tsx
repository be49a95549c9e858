/** How far something is, for eyes and for readers. */
import { Progress } from 'radix-ui'

export interface ProgressBarProps {
  label: string
  /** 0 to 100; `null` while nobody can tell. */
  percent: number | null
}

export function ProgressBar({ label, percent }: ProgressBarProps) {
  return (
    <Progress.Root
      aria-label={label}
      value={percent}
      className="relative h-1 w-full overflow-hidden rounded-full bg-ink/10"
    >
      <Progress.Indicator
        className="absolute inset-y-0 left-0 rounded-full bg-accent transition-[width] duration-200 ease-linear data-[state=indeterminate]:w-full data-[state=indeterminate]:animate-breathe"
        style={percent === null ? undefined : { width: `${percent}%` }}
      />
    </Progress.Root>
  )
}
