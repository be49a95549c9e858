/** Sizes as people read them. */
import { KIB } from '@studio/contracts/limits'

const UNITS = ['KB', 'MB', 'GB', 'TB'] as const

/** `0 bytes`, `812 bytes`, `1.2 MB`: two significant digits below 10, whole numbers above. */
export function formatBytes(bytes: number): string {
  if (bytes < KIB) return bytes === 1 ? '1 byte' : `${bytes} bytes`
  let value = bytes / KIB
  let unit = 0
  // 1,023.7 KB would be shown as "1024 KB".
  while (Math.round(value) >= KIB && unit < UNITS.length - 1) {
    value /= KIB
    unit += 1
  }
  const digits = value < 9.95 ? 1 : 0
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${UNITS[unit]}`
}
