/** One request to PocketBase, and the one place where its refusals become Studio's errors. */
import { StudioError } from '@studio/contracts/studio-error'
import type { ServiceFetch } from '@studio/trpc-server/service-fetch'
import { withDeadline } from '@studio/trpc-server/with-deadline'
import type { AbsenceCode } from './records.ts'

/** PocketBase answers in milliseconds; one that takes this long is treated like one that is away. */
const TIMEOUT_MS = 5_000

export interface PocketBaseAddress {
  url: string
  fetch: ServiceFetch
  timeoutMs?: number
}

export interface PocketBaseRequest {
  /** Beginning with a slash, with its query. */
  path: string
  token: string
  /** What a 403 or 404 means here. */
  absence: AbsenceCode | 'FORBIDDEN' | 'RECORDS_UNAVAILABLE'
  signal?: AbortSignal | undefined
}

/** Gets JSON as the person whose token it is. */
export async function getFromPocketBase(
  address: PocketBaseAddress,
  request: PocketBaseRequest,
): Promise<unknown> {
  const deadline = { milliseconds: address.timeoutMs ?? TIMEOUT_MS, signal: request.signal }
  try {
    const response = await withDeadline(deadline, (signal) =>
      address.fetch(`${address.url}${request.path}`, {
        headers: { authorization: `Bearer ${request.token}` },
        signal,
      }),
    )
    if (response.ok) return await response.json()
    throw refusal(response.status, await response.text(), request)
  } catch (error) {
    if (error instanceof StudioError) throw error
    throw new StudioError('RECORDS_UNAVAILABLE', { cause: error })
  }
}

function refusal(status: number, body: string, { path, absence }: PocketBaseRequest): StudioError {
  const cause = new Error(`PocketBase answered ${status} to ${path}: ${body}`)
  if (status === 401) return new StudioError('UNAUTHENTICATED', { cause })
  if (status === 403 || status === 404) return new StudioError(absence, { cause })
  return new StudioError('RECORDS_UNAVAILABLE', { cause })
}
