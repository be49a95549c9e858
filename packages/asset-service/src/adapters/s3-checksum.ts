/** SHA-256 as S3 writes it, and how it says that bytes do not have the one that was announced. */

const REFUSALS: ReadonlySet<string> = new Set([
  'BadDigest',
  'InvalidDigest',
  'XAmzContentChecksumMismatch',
  'XAmzContentSHA256Mismatch',
])

/** Did the store refuse these bytes because their checksum is another? */
export function isChecksumRefusal(thrown: unknown): boolean {
  return thrown instanceof Error && REFUSALS.has(thrown.name)
}

/** The header under which S3 checks a body's SHA-256, and keeps it. */
export function checksumHeader(sha256: string): { 'x-amz-checksum-sha256': string } {
  return { 'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64') }
}
