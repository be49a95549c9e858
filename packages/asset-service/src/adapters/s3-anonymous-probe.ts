/** Asks an S3 bucket for an object and for its listing without credentials, as a stranger would. */
import { encodeKey } from './rfc3986.ts'

export interface AnonymousProbe {
  /** Address of the bucket. */
  bucketUrl: string
  /** Key of an object that exists. */
  key: string
  fetch: typeof globalThis.fetch
}

/** Without an answer in this time the question stays open. */
const ANSWER_WITHIN_MS = 10_000
/** RFC 9110 (408) and RFC 6585 (429): "not now" is not "no". */
const NOT_NOW: ReadonlySet<number> = new Set([408, 429])

async function isAnswered(url: string, fetch: AnonymousProbe['fetch']): Promise<boolean> {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
  await response.body?.cancel()
  const { status } = response
  if (status >= 200 && status < 300) return true
  // Stores refuse strangers in different words: 403 mostly, 400 and 404 as well.
  if (status >= 400 && status < 500 && !NOT_NOW.has(status)) return false
  throw new TypeError(`An anonymous request was neither answered nor refused, but got status ${status}`)
}

/** `true` when either was handed out, else rejects when any answer leaves it open. */
export async function isOpenToStrangers({ bucketUrl, key, fetch }: AnonymousProbe): Promise<boolean> {
  const urls = [
    `${bucketUrl}/${encodeKey(key)}`,
    `${bucketUrl}?list-type=2&max-keys=1`,
    `${bucketUrl}?max-keys=1`,
  ]
  const answers = await Promise.allSettled(urls.map((url) => isAnswered(url, fetch)))
  if (answers.some((answer) => answer.status === 'fulfilled' && answer.value)) return true
  for (const answer of answers) if (answer.status === 'rejected') throw answer.reason
  return false
}
