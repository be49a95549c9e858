/**
 * Requests to S3 that every upload makes, signed here and sent over kept connections: the SDK takes 1.3 to 2 ms of CPU for
 * each, this a quarter of it (docs/performance.md).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool, type Dispatcher } from 'undici'
import { encodeKey } from './rfc3986.ts'
import { createRequestSigner, UNSIGNED_PAYLOAD, type SigningScope } from './sigv4.ts'

const CONNECT_WITHIN_MS = 3_000
/** From the request to the answer's headers, and between two pieces of its body. */
const ANSWER_WITHIN_MS = 30_000
const MAX_CONNECTIONS = 64
/** Of each request; all of them may be repeated. */
const MAX_ATTEMPTS = 3
/** Longest wait before the second attempt; doubled before each further one, and random below it. */
const BACK_OFF_MS = 100

export interface S3Connection extends SigningScope {
  /** With the bucket's name to come in the path. */
  endpoint: string
  bucket: string
}

export interface S3Request {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  key: string
  query?: Readonly<Record<string, string>>
  /** Names in lower case. */
  headers?: Readonly<Record<string, string>>
  /** With the SHA-256 in hexadecimal that is signed with it, so that other bytes are refused. */
  body?: { bytes: Uint8Array; sha256: string }
}

export interface S3Answer {
  headers: Readonly<Record<string, string | undefined>>
  bytes: Uint8Array
}

/** What S3 answered in place of what was asked; named like the SDK's errors, by the code in S3's words. */
export class S3Refusal extends Error {
  override readonly name: string
  readonly status: number

  constructor(name: string, { status, words }: { status: number; words: string }) {
    super(`S3 answered ${status} ${name}: ${words}`)
    this.name = name
    this.status = status
  }
}

export interface S3Requests {
  /** Sends a request and reads the whole answer. Rejects with `S3Refusal`, or with what kept S3 from answering. */
  send(request: S3Request): Promise<S3Answer>
  /** Frees the connections; what is under way is answered first. */
  close(): Promise<void>
}

/** S3's own words for "not now" ("Error responses", S3 API Reference); 500 and up are so without words. */
const PASSING: ReadonlySet<string> = new Set(['SlowDown', 'RequestTimeout', 'TooManyRequests'])
const SKEWED = 'RequestTimeTooSkewed'

function mayPass(error: unknown): boolean {
  if (!(error instanceof S3Refusal)) return true
  return error.status >= 500 || error.status === 429 || PASSING.has(error.name) || error.name === SKEWED
}

/** The answer to HEAD has no body, so its status is all there is; the SDK calls it by the same name. */
function refusalOf(status: number, body: Uint8Array): S3Refusal {
  const words = Buffer.from(body).toString('utf8', 0, 2_000)
  const name = /<Code>([A-Za-z0-9.]+)<\/Code>/.exec(words)?.[1]
  return new S3Refusal(name ?? (status === 404 ? 'NotFound' : `Http${status}`), { status, words })
}

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value

async function attempt(
  pool: Pool,
  options: Dispatcher.RequestOptions,
): Promise<S3Answer & { status: number }> {
  const { statusCode, headers, body } = await pool.request(options)
  const bytes = await body.bytes()
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, single(value)]))
  return { status: statusCode, headers: named, bytes }
}

/** Requests of one bucket. */
export function createS3Requests(connection: S3Connection): S3Requests {
  const { origin, pathname, host } = new URL(connection.endpoint)
  const bucketPath = `${pathname.replace(/\/$/, '')}/${connection.bucket}`
  const sign = createRequestSigner(connection)
  const pool = new Pool(origin, {
    connections: MAX_CONNECTIONS,
    connect: { timeout: CONNECT_WITHIN_MS },
    headersTimeout: ANSWER_WITHIN_MS,
    bodyTimeout: ANSWER_WITHIN_MS,
  })
  /** Milliseconds by which the store's clock is ahead of ours; learnt when it refuses a request for its time. */
  let skew = 0

  async function sendOnce({ method, key, query = {}, headers = {}, body }: S3Request): Promise<S3Answer> {
    const signed = sign({
      method,
      host,
      path: `${bucketPath}/${encodeKey(key)}`,
      query,
      headers,
      payloadHash: body?.sha256 ?? UNSIGNED_PAYLOAD,
      at: new Date(Date.now() + skew),
    })
    const answer = await attempt(pool, {
      method,
      path: signed.target,
      headers: signed.headers,
      body: body?.bytes ?? null,
      // undici ends a connection after HEAD, for the sake of servers that answer it with a body; S3 does not.
      reset: false,
    })
    if (answer.status >= 200 && answer.status < 300) return answer
    const refusal = refusalOf(answer.status, answer.bytes)
    const storeTime = Date.parse(answer.headers['date'] ?? '')
    if (refusal.name === SKEWED && !Number.isNaN(storeTime)) skew = storeTime - Date.now()
    throw refusal
  }

  return {
    async send(request) {
      for (let attempts = 1; ; attempts += 1) {
        try {
          return await sendOnce(request)
        } catch (error) {
          if (attempts >= MAX_ATTEMPTS || !mayPass(error)) throw error
          await sleep(Math.random() * BACK_OFF_MS * 2 ** (attempts - 1))
        }
      }
    },
    close: () => pool.close(),
  }
}
