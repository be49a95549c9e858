/** What the conformance suites of object stores need of the store that they try, and of the objects that they put. */
import { createHash, randomUUID } from 'node:crypto'
import type { OpenedObjectStore, PutObject } from '../ports/object-store.ts'

/** The origin for which the store under test is prepared. */
export const ALLOWED_ORIGIN = 'https://studio.example.com'

/** One store of a kind, ready to be tried. */
export interface StoreUnderTest {
  opened: OpenedObjectStore
  /** A store of the same kind whose server, or directory, is not there. */
  away: OpenedObjectStore
  /** Sends a request to one of the store's URLs. */
  request: (url: string, init?: RequestInit) => Promise<Response>
  /** Sets the clock by which `opened` signs. */
  setNow: (now: () => Date) => void
  /** Ends what the set-up started. */
  dispose: () => Promise<void>
}

export type SetUpStore = () => Promise<StoreUnderTest>

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** A key that no other test uses. */
export const newKey = (): string => `files/${randomUUID()}/original`

export function objectOf(bytes: Uint8Array, key = newKey()): PutObject {
  return { key, bytes, mimeType: 'application/octet-stream', sha256: sha256Of(bytes) }
}
