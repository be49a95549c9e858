/** Sends bytes from Node, where `fetch` neither counts what it sends nor bounds what it reads ahead. */
import * as http from 'node:http'
import * as https from 'node:https'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  ANSWER_MAX_CHARACTERS,
  bodySize,
  STALL_MILLISECONDS,
  type SendBytes,
  type SendBytesAnswer,
  type SendBytesRequest,
} from './send-bytes.ts'

/** What is read of a blob at once: large enough to be quick, small enough that the few in flight do not matter. */
const BLOB_SLICE_BYTES = 256 * 1024

/** Bytes in memory are cut for the sake of progress alone. */
const BYTES_SLICE_BYTES = 1024 * 1024

/** Servers close idle connections after 5 s and more (Node's own `keepAliveTimeout` is 5 s): ours are let go before. */
const IDLE_MILLISECONDS = 4_000
const KEPT = { keepAlive: true, maxFreeSockets: 16, timeout: IDLE_MILLISECONDS }
const AGENTS = { http: new http.Agent(KEPT), https: new https.Agent(KEPT) }

/** Streams the body as one request with a `content-length`, slice by slice, over a kept connection if there is one. */
export const sendBytes: SendBytes = async (sent) => {
  const isSecure = sent.url.startsWith('https:')
  try {
    return await sendOver(isSecure ? AGENTS.https : AGENTS.http, sent)
  } catch (thrown) {
    if (!(thrown instanceof StaleConnectionError)) throw thrown
    // Node.js documentation, `request.reusedSocket`: a kept connection may be closed while the request is on its way.
    return await sendOver(false, sent)
  }
}

/** The server closed a kept connection before it answered anything. */
class StaleConnectionError extends Error {}

async function sendOver(
  agent: http.Agent | false,
  { method, url, headers, body, signal, onProgress }: SendBytesRequest,
): Promise<SendBytesAnswer> {
  const { request: open } = url.startsWith('https:') ? https : http
  const length = method === 'HEAD' ? {} : { 'content-length': String(bodySize(body)) }
  const request = open(url, {
    method,
    agent,
    headers: { ...headers, ...length },
    signal,
    timeout: STALL_MILLISECONDS,
  })
  request.on('timeout', () => request.destroy(new Error('The connection stalled')))
  try {
    const response = await responseTo(request, slicesOf(body, onProgress))
    return {
      status: response.statusCode ?? 0,
      headers: Object.fromEntries(
        Object.entries(response.headers).map(([name, value]) => [name, value?.toString()]),
      ),
      body: await readStart(response),
    }
  } finally {
    if (!request.writableFinished) request.destroy()
  }
}

function responseTo(
  request: http.ClientRequest,
  slices: AsyncIterable<Uint8Array>,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve)
    request.on('error', (error: NodeJS.ErrnoException) => {
      const isStale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
      reject(isStale ? new StaleConnectionError(error.message, { cause: error }) : error)
    })
    // A refusal may come before the body is through, and the connection break after it: the first to settle counts.
    pipeline(Readable.from(slices, { objectMode: false }), request).catch(reject)
  })
}

async function* slicesOf(
  body: SendBytesRequest['body'],
  onProgress: (loaded: number) => void,
): AsyncGenerator<Uint8Array> {
  const size = bodySize(body)
  const length = body instanceof Blob ? BLOB_SLICE_BYTES : BYTES_SLICE_BYTES
  for (let start = 0; start < size; start += length) {
    const end = Math.min(size, start + length)
    yield body instanceof Blob
      ? new Uint8Array(await body.slice(start, end).arrayBuffer())
      : body.subarray(start, end)
    // Reached only when the stream asks for more, so the slice has been passed on.
    onProgress(end)
  }
}

async function readStart(response: http.IncomingMessage): Promise<string> {
  response.setEncoding('utf8')
  let text = ''
  for await (const chunk of response) {
    text += String(chunk)
    if (text.length >= ANSWER_MAX_CHARACTERS) break
  }
  return text.slice(0, ANSWER_MAX_CHARACTERS)
}
