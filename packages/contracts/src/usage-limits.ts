/** How large a file may be, by what it is for: a picture of something is fetched by every screen that shows it. */
import type { FileUsage } from './file.ts'
import { FILE_MAX_BYTES, MIB } from './limits.ts'
import { StudioError } from './studio-error.ts'

/** None is below `INLINE_MAX_BYTES`, so what may go inline is never too large for what it is for. */
export const USAGE_MAX_BYTES: Readonly<Record<FileUsage, number>> = {
  attachment: FILE_MAX_BYTES,
  generation_input: FILE_MAX_BYTES,
  generation_output: FILE_MAX_BYTES,
  preview: 50 * MIB,
  thumbnail: 5 * MIB,
  avatar: 5 * MIB,
}

const USAGE_WORDS: Readonly<Record<FileUsage, string>> = {
  attachment: 'a file',
  generation_input: 'a file',
  generation_output: 'a file',
  preview: 'a preview',
  thumbnail: 'a thumbnail',
  avatar: 'an avatar',
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Rounded down: what is said to be allowed is. */
function inWords(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  return `${Math.floor((bytes / 1024 ** unit) * 10) / 10} ${UNITS[unit]}`
}

/** `FILE_TOO_LARGE`, with the limit in words. */
export function fileTooLarge(usage: FileUsage, maxBytes: number): StudioError {
  return new StudioError('FILE_TOO_LARGE', {
    message: `This file is larger than allowed: ${USAGE_WORDS[usage]} has at most ${inWords(maxBytes)} here.`,
  })
}

/** Up to here files for this usage may grow by a way that takes no more than `wayMaxBytes`. */
export function usageMaxBytes(usage: FileUsage, wayMaxBytes: number = FILE_MAX_BYTES): number {
  return Math.min(USAGE_MAX_BYTES[usage], wayMaxBytes)
}

/** Throws `FILE_TOO_LARGE` when a file of this size cannot be used so. */
export function requireUsageSize(
  { usage, size }: { usage: FileUsage; size: number },
  wayMaxBytes: number = FILE_MAX_BYTES,
): void {
  const maxBytes = usageMaxBytes(usage, wayMaxBytes)
  if (size > maxBytes) throw fileTooLarge(usage, maxBytes)
}
