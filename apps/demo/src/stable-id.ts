/** Ids of the demo's records, the same on every machine and on every run. */
import { createHash } from 'node:crypto'
import { RECORD_ID_ALPHABET, RECORD_ID_LENGTH } from '@studio/contracts/record-id'

/** A record id made of words. Different words give different ids, as far as SHA-256 does. */
export function stableId(...words: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(words)).digest()
  return Array.from(
    digest.subarray(0, RECORD_ID_LENGTH),
    (byte) => RECORD_ID_ALPHABET[byte % RECORD_ID_ALPHABET.length],
  ).join('')
}
