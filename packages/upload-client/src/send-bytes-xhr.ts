/** Sends bytes from a browser, where only `XMLHttpRequest` says how much of them is on its way. */
import {
  ANSWER_MAX_CHARACTERS,
  STALL_MILLISECONDS,
  type SendBytes,
  type SendBytesRequest,
} from './send-bytes.ts'

/** Browsers set these themselves and complain about anyone who tries (Fetch Standard, "forbidden request-header"). */
const SET_BY_BROWSER: ReadonlySet<string> = new Set(['content-length', 'host'])

/** The browser reads a blob as it goes, whatever its size. */
export const sendBytes: SendBytes = ({ method, url, headers, body, signal, onProgress }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const stalled = stallTimer(() => finish(() => reject(new Error('The connection stalled'))))
    const abort = () => finish(() => reject(new DOMException('Sending was stopped', 'AbortError')))
    const finish = (settle: () => void) => {
      stalled.clear()
      signal.removeEventListener('abort', abort)
      settle()
      request.abort()
    }
    if (method !== 'HEAD') {
      request.upload.addEventListener('progress', ({ loaded }) => {
        stalled.restart()
        onProgress(loaded)
      })
    }
    request.addEventListener('load', () => {
      const answer = {
        status: request.status,
        headers: readHeaders(request.getAllResponseHeaders()),
        body: request.responseText.slice(0, ANSWER_MAX_CHARACTERS),
      }
      finish(() => resolve(answer))
    })
    // A browser does not tell scripts why a request failed.
    request.addEventListener('error', () => finish(() => reject(new Error('The network failed'))))
    signal.addEventListener('abort', abort)
    request.open(method, url)
    for (const [name, value] of Object.entries(headers)) {
      if (!SET_BY_BROWSER.has(name.toLowerCase())) request.setRequestHeader(name, value)
    }
    if (signal.aborted) abort()
    else request.send(method === 'HEAD' ? null : asBlob(body))
  })

/** Of bytes in memory Chromium tells progress only when the last of them are sent; of a blob, ten times a second. */
function asBlob(body: SendBytesRequest['body']): Blob {
  return body instanceof Blob ? body : new Blob([body])
}

/** As the XMLHttpRequest Standard writes them: a line each, names in lower case. */
function readHeaders(lines: string): Record<string, string> {
  const pairs = lines
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).trim()]
    })
  return Object.fromEntries(pairs)
}

function stallTimer(onStall: () => void) {
  let timer = setTimeout(onStall, STALL_MILLISECONDS)
  return {
    restart: () => {
      clearTimeout(timer)
      timer = setTimeout(onStall, STALL_MILLISECONDS)
    },
    clear: () => clearTimeout(timer),
  }
}
