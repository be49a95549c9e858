/**
 * `fetch` between our own services, as far as they need it: over connections that are kept, the whole answer read at once.
 * The platform's own takes three times the CPU for its streams and copies (docs/performance.md).
 */
import { Agent, request } from 'undici'

/** Also what one slow answer can take from the others: `complete` of a large file holds its connection for minutes. */
const CONNECTIONS_PER_ORIGIN = 128
const CONNECT_WITHIN_MS = 3_000

export interface ServiceRequest {
  method?: string | undefined
  headers?: RequestInit['headers']
  /** Text or bytes; anything else is refused with a `TypeError`. */
  body?: unknown
  signal?: AbortSignal | null | undefined
}

export interface ServiceResponse {
  readonly ok: boolean
  readonly status: number
  text(): Promise<string>
  json(): Promise<unknown>
}

/** Rejects when nobody answered, or with the signal's reason. Redirects are answers: no service of ours sends any. */
export type ServiceFetch = (url: string | URL | Request, init?: ServiceRequest) => Promise<ServiceResponse>

function plainBody(body: unknown): string | Uint8Array | null {
  if (body === undefined || body === null) return null
  if (typeof body === 'string' || body instanceof Uint8Array) return body
  throw new TypeError('A body between services is text or bytes')
}

function plainHeaders(headers: ServiceRequest['headers']): Record<string, string> {
  if (headers === undefined) return {}
  const isPlain = Object.getPrototypeOf(headers) === Object.prototype
  return isPlain ? (headers as Record<string, string>) : Object.fromEntries(new Headers(headers))
}

/** A `fetch` with connections of its own. Idle ones close by themselves and keep no process alive. */
export function createServiceFetch(): ServiceFetch {
  const dispatcher = new Agent({
    connections: CONNECTIONS_PER_ORIGIN,
    connect: { timeout: CONNECT_WITHIN_MS },
    // The caller's signal says how long an answer may take.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  return async (url, { method = 'GET', headers, body, signal } = {}) => {
    const answer = await request(typeof url === 'string' || url instanceof URL ? url : url.url, {
      dispatcher,
      method,
      headers: plainHeaders(headers),
      body: plainBody(body),
      signal: signal ?? null,
    })
    const text = await answer.body.text()
    const status = answer.statusCode
    return {
      ok: status >= 200 && status < 300,
      status,
      text: async () => text,
      json: async (): Promise<unknown> => JSON.parse(text),
    }
  }
}
