/** Why a sign-in failed, in words. */
import { ClientResponseError } from 'pocketbase'
import { describeError } from '../../describe-error.ts'

const WRONG = 'That email and password do not match. Check both and try again.'
const TOO_OFTEN = 'Too many tries in a row. Wait a minute, then try again.'

/** PocketBase answers 400 for an unknown email as for a wrong password, so neither can be told from the other. */
export function signInErrorMessage(thrown: unknown): string {
  if (thrown instanceof ClientResponseError && thrown.status === 400) return WRONG
  if (thrown instanceof ClientResponseError && thrown.status === 429) return TOO_OFTEN
  return describeError(thrown).message
}
