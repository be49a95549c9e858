/** What became of a request, in the four ways in which PocketBase says no. */

import { ClientResponseError } from 'pocketbase'

/**
 * `yes`: done. `hidden`: 404, as if there were no such record (for a list: it is not in it).
 * `refused`: 400, the create rule or the kind of collection forbids it. `closed`: 403, nobody but superusers, or a hook.
 */
export type Outcome = 'yes' | 'hidden' | 'refused' | 'closed'

const OUTCOMES: Readonly<Record<number, Outcome>> = { 400: 'refused', 403: 'closed', 404: 'hidden' }

/** The outcome of a request; an error that is none of the three is thrown on. */
export async function outcomeOf(request: Promise<unknown>): Promise<Outcome> {
  const error = await errorOf(request)
  if (!error) return 'yes'
  const outcome = OUTCOMES[error.status]
  if (!outcome) throw error
  return outcome
}

/** The error that PocketBase answered with, or undefined when it did as asked. */
export async function errorOf(request: Promise<unknown>): Promise<ClientResponseError | undefined> {
  try {
    await request
    return undefined
  } catch (thrown) {
    if (thrown instanceof ClientResponseError && thrown.status !== 0) return thrown
    throw thrown
  }
}

/** The code of each field's error, by field. */
export async function fieldErrorsOf(request: Promise<unknown>): Promise<Record<string, string>> {
  const error = await errorOf(request)
  const data = (error?.response['data'] ?? {}) as Record<string, { code: string }>
  return Object.fromEntries(Object.entries(data).map(([field, { code }]) => [field, code]))
}
