/** An upload by tus 1.0 through the BFF, by hand: it goes on from the offset that the server tells, and believes only answers. */
import { CallFailed, type Caller } from './bff-calls.ts'
import { complete, type Stored, type Upload } from './uploads.ts'

const VERSION = { 'tus-resumable': '1.0.0' }
const PATIENCE_MS = 15_000

/** What a client keeps once it has heard it; two that resume one upload share it. */
const addresses = new WeakMap<Upload, Promise<string>>()

interface TusRequest {
  readonly method: 'POST' | 'HEAD' | 'PATCH'
  readonly path: string
  readonly headers: Record<string, string>
  readonly body?: Uint8Array<ArrayBuffer>
}

/** Throws `CallFailed`. */
async function call({ url, token }: Caller, { method, path, headers, body }: TusRequest): Promise<Response> {
  const procedure = `tus ${method}`
  const request: RequestInit = {
    method,
    headers: { ...VERSION, ...headers, authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(body === undefined ? {} : { body }),
  }
  let text: string
  let response: Response
  try {
    response = await fetch(`${url}${path}`, request)
    text = await response.text()
  } catch (cause) {
    throw new CallFailed(procedure, { cause })
  }
  if (response.ok) return response
  const { status } = response
  const code = /"studio":\{"code":"([A-Z_]+)"/.exec(text)?.[1]
  // 409: another offset; 423: another request still writes. Both mean: ask where to go on.
  throw new CallFailed(procedure, {
    status,
    code: status === 409 || status === 423 ? 'UPLOAD_INCOMPLETE' : code,
  })
}

async function create(caller: Caller, { request }: Upload): Promise<string> {
  const { name, mimeType, projectId, cardId, size } = request
  const metadata = Object.entries({ filename: name, filetype: mimeType, projectId, cardId })
    .map(([key, value]) => `${key} ${btoa(value)}`)
    .join(',')
  const headers = { 'upload-length': String(size), 'upload-metadata': metadata }
  const response = await call(caller, { method: 'POST', path: '/tus', headers })
  const address = response.headers.get('location')
  if (address === null) throw new Error('tus: created without an address')
  return new URL(address, caller.url).pathname
}

const offsetOf = (response: Response) => Number(response.headers.get('upload-offset'))

/** One try: from where the server is to the end. */
export async function sendByTus(caller: Caller, upload: Upload): Promise<Stored> {
  const creating = addresses.get(upload) ?? create(caller, upload)
  addresses.set(upload, creating)
  creating.catch(() => addresses.delete(upload))
  const path = await creating
  const offset = offsetOf(await call(caller, { method: 'HEAD', path, headers: {} }))
  if (offset < upload.bytes.length) {
    const headers = { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }
    const answer = await call(caller, { method: 'PATCH', path, headers, body: upload.bytes.slice(offset) })
    if (offsetOf(answer) < upload.bytes.length)
      throw new CallFailed('tus PATCH', { code: 'UPLOAD_INCOMPLETE' })
  }
  return complete(caller, { fileId: path.split('/').at(-1) ?? '' })
}
