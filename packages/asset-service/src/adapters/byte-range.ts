/** Ranges of bytes: checked where code asks for one, read where an HTTP request does (RFC 9110, section 14). */
import type { ByteRange } from '../ports/object-store.ts'

/** Throws for a range that no object can have; S3 would ignore such a `Range` header and send the whole object. */
export function assertByteRange({ start, end }: ByteRange): void {
  const valid = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start
  if (!valid) throw new RangeError(`Bytes ${start} to ${end} are not a range`)
}

/**
 * The range that a request asks for: `undefined` when it is to be answered with everything (no header, another unit,
 * several ranges, or one that is not well-formed), `unsatisfiable` when it is to be answered with 416.
 */
export function parseRangeHeader(
  header: string | null,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '')
  const [, first = '', last = ''] = match ?? []
  if (first === '' && last === '') return undefined
  // Without a first position, the last one counts from the end ("suffix-range").
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined
  return start > end ? 'unsatisfiable' : { start, end }
}
