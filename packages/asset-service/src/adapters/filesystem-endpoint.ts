/** Serves the objects of the filesystem store over HTTP: what a signed URL permits, and nothing without one. */
import { ERROR_CODES, type WireError } from '@studio/contracts/error-code'
import { StudioError } from '@studio/contracts/studio-error'
import type { ObjectEndpoint } from '../ports/object-store.ts'
import { parseRangeHeader } from './byte-range.ts'
import type { ObjectFiles } from './filesystem-object-files.ts'
import { contentDigest, type HmacUrls } from './hmac-url-signer.ts'

export interface FilesystemEndpointOptions {
  prefix: string
  files: ObjectFiles
  urls: HmacUrls
  /** Web origins whose pages may use the endpoint. */
  allowedOrigins: ReadonlySet<string>
}

type Verified = Parameters<HmacUrls['verifyGet']>[0]

const ALLOWED_METHODS = 'GET, HEAD, PUT'
/** Headers of a signed PUT, and of a read of a part. */
const ALLOWED_HEADERS = 'content-type, content-digest, range'
const PREFLIGHT_MAX_AGE_SECONDS = '3600'

function errorResponse(error: StudioError): Response {
  const body: WireError = { code: error.code, message: error.message }
  return Response.json(body, {
    status: ERROR_CODES[error.code].status,
    headers: { 'cache-control': 'no-store' },
  })
}

/** What the client sends has to be what was signed; its length has to be said beforehand. */
function assertAsSigned(headers: Headers, claims: ReturnType<HmacUrls['verifyPut']>): void {
  if (headers.get('content-type') !== claims.mimeType) throw new StudioError('URL_INVALID')
  if (headers.get('content-digest') !== contentDigest(claims.sha256)) throw new StudioError('URL_INVALID')
  // A body in chunks says no length, and gets no exemption from it.
  if (headers.get('content-length') !== String(claims.size)) throw new StudioError('SIZE_MISMATCH')
}

/** A client that goes away in the middle is no fault of the store. */
async function* receivedChunks(body: Request['body']): AsyncGenerator<Uint8Array> {
  try {
    yield* body ?? []
  } catch (cause) {
    throw new StudioError('UPLOAD_INCOMPLETE', { cause })
  }
}

/** The endpoint under `prefix`; rejects only with `STORE_UNAVAILABLE`, every refusal is a response. */
export function createFilesystemEndpoint(options: FilesystemEndpointOptions): ObjectEndpoint {
  const { prefix, files, urls, allowedOrigins } = options

  function signedPart(request: Request): Verified {
    const { pathname, searchParams } = new URL(request.url)
    if (!pathname.startsWith(`${prefix}/`)) throw new StudioError('URL_INVALID')
    try {
      return { key: decodeURIComponent(pathname.slice(prefix.length + 1)), query: searchParams }
    } catch (cause) {
      throw new StudioError('URL_INVALID', { cause })
    }
  }

  async function receive(request: Request): Promise<Response> {
    const claims = urls.verifyPut(signedPart(request))
    assertAsSigned(request.headers, claims)
    const { key, size, sha256 } = claims
    await files.write({ key, size, sha256 }, receivedChunks(request.body))
    return new Response(null, { status: 200 })
  }

  async function send(request: Request): Promise<Response> {
    const claims = urls.verifyGet(signedPart(request))
    const headers = new Headers({
      'accept-ranges': 'bytes',
      'cache-control': claims.cacheControl,
      'content-disposition': claims.contentDisposition,
      'content-type': claims.mimeType,
      'x-content-type-options': 'nosniff',
    })
    const object = await files.open(claims.key)
    if (object === undefined) throw new StudioError('FILE_NOT_FOUND')
    const isHead = request.method === 'HEAD'
    // A range is defined for GET only (RFC 9110, section 14.2).
    const range = isHead ? undefined : parseRangeHeader(request.headers.get('range'), object.size)
    if (range === 'unsatisfiable') {
      await object.close()
      return new Response(null, { status: 416, headers: { 'content-range': `bytes */${object.size}` } })
    }
    const { start, end } = range ?? { start: 0, end: object.size - 1 }
    headers.set('content-length', String(end - start + 1))
    if (range !== undefined) headers.set('content-range', `bytes ${start}-${end}/${object.size}`)
    const status = range === undefined ? 200 : 206
    if (!isHead) return new Response(object.stream({ start, end }), { status, headers })
    await object.close()
    return new Response(null, { status, headers })
  }

  function preflight(request: Request): Response {
    const origin = request.headers.get('origin')
    if (origin === null || !allowedOrigins.has(origin)) throw new StudioError('FORBIDDEN')
    const headers = {
      'access-control-allow-methods': ALLOWED_METHODS,
      'access-control-allow-headers': ALLOWED_HEADERS,
      'access-control-max-age': PREFLIGHT_MAX_AGE_SECONDS,
    }
    return new Response(null, { status: 204, headers })
  }

  async function respond(request: Request): Promise<Response> {
    try {
      if (request.method === 'PUT') return await receive(request)
      if (request.method === 'GET' || request.method === 'HEAD') return await send(request)
      if (request.method === 'OPTIONS') return preflight(request)
      return new Response(null, { status: 405, headers: { allow: `${ALLOWED_METHODS}, OPTIONS` } })
    } catch (error) {
      // What is the store's fault is for the server's log, not for the client.
      if (error instanceof StudioError && error.code !== 'STORE_UNAVAILABLE') return errorResponse(error)
      throw error
    }
  }

  return {
    prefix,
    async handle(request) {
      const response = await respond(request)
      const origin = request.headers.get('origin')
      response.headers.append('vary', 'origin')
      if (origin !== null && allowedOrigins.has(origin)) {
        response.headers.set('access-control-allow-origin', origin)
        response.headers.set('access-control-expose-headers', 'content-range')
      }
      return response
    },
  }
}
