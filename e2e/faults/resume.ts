/** How a client meets a fault: it hears an error, and goes on with the same upload when it can. */
import { waitUntil } from '@studio/dev/wait-until'
import { CallFailed, type Caller } from './bff-calls.ts'
import type { Transport } from './transports.ts'
import type { Stored, Upload } from './uploads.ts'

/** What says nothing about the upload: nobody answered, or somebody who says that they cannot right now. */
const PASSING = new Set([
  'STORE_UNAVAILABLE',
  'REGISTRY_UNAVAILABLE',
  'RECORDS_UNAVAILABLE',
  'ISSUER_UNAVAILABLE',
  'UPLOAD_INCOMPLETE',
  // Another that resumes the same upload was faster: the next try hears of its file.
  'UPLOAD_ALREADY_COMPLETE',
  'INTERNAL',
])

const DEADLINE_MS = 45_000

export function isPassing(thrown: unknown): boolean {
  if (!(thrown instanceof CallFailed)) return false
  if (thrown.code !== undefined) return PASSING.has(thrown.code)
  return thrown.status === undefined || thrown.status >= 500
}

interface Sending {
  readonly transport: Transport
  readonly upload: Upload
}

/** One try. Resolves to `undefined` when a fault got in its way, which `onFault` hears; every other error is the test's. */
export async function trySending(
  caller: Caller,
  { transport, upload }: Sending,
  onFault: (thrown: unknown) => void = () => undefined,
): Promise<Stored | undefined> {
  try {
    return await transport.send(caller, upload)
  } catch (thrown) {
    if (!isPassing(thrown)) throw thrown
    onFault(thrown)
    return undefined
  }
}

/** Tries until it is stored. Throws with what the last try met. */
export async function sendUntilStored(caller: Caller, sending: Sending): Promise<Stored> {
  let last: unknown
  const attempt = () => trySending(caller, sending, (thrown) => (last = thrown))
  const options = {
    what: `${sending.transport.name} to be stored`,
    deadlineMs: DEADLINE_MS,
    intervalMs: 100,
  }
  return waitUntil(attempt, options).catch((thrown: unknown) => {
    throw new Error(`${String(thrown)} Last: ${String(last)}`, { cause: last ?? thrown })
  })
}
