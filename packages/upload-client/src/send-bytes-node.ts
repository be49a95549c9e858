/** Sends a blob from Node, where `fetch` neither counts what it sends nor bounds what it reads ahead. */
import * as http from 'node:http'
import * as https from 'node:https'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ANSWER_MAX_CHARACTERS, STALL_MILLISECONDS, type SendBytes } from './send-bytes.ts'

/** Large enough to be quick, small enough that the few in flight do not matter. */
const SLICE_BYTES = 256 * 1024

/** Streams the blob as one request with a `content-length`, slice by slice. */
export const sendBytes: SendBytes = async ({ method, url, headers, body, signal, onProgress }) => {
  const { request: open } = url.startsWith('https:') ? https : http
  const request = open(url, {
    method,
    headers: { ...headers, 'content-length': String(body.size) },
    signal,
    timeout: STALL_MILLISECONDS,
  })
  request.on('timeout', () => request.destroy(new Error('The connection stalled')))
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    request.once('response', resolve)
    request.on('error', reject)
    // A refusal may come before the body is through, and the connection break after it: the first to settle counts.
    pipeline(Readable.from(slicesOf(body, onProgress), { objectMode: false }), request).catch(reject)
  })
  try {
    return { status: response.statusCode ?? 0, body: await readStart(response) }
  } finally {
    if (!request.writableFinished) request.destroy()
  }
}

async function* slicesOf(body: Blob, onProgress: (loaded: number) => void): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < body.size; start += SLICE_BYTES) {
    const slice = body.slice(start, start + SLICE_BYTES)
    yield new Uint8Array(await slice.arrayBuffer())
    // Reached only when the stream asks for more, so the slice has been passed on.
    onProgress(start + slice.size)
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
