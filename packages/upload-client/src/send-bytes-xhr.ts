/** Sends a blob from a browser, where only `XMLHttpRequest` says how much of it is on its way. */
import { ANSWER_MAX_CHARACTERS, STALL_MILLISECONDS, type SendBytes } from './send-bytes.ts'

/** Browsers set these themselves and complain about anyone who tries (Fetch Standard, "forbidden request-header"). */
const SET_BY_BROWSER: ReadonlySet<string> = new Set(['content-length', 'host'])

/**
 * The browser reads the blob as it goes, whatever its size.
 * @public Bundlers for browsers take it for `#send-bytes`.
 */
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
    request.upload.addEventListener('progress', ({ loaded }) => {
      stalled.restart()
      onProgress(loaded)
    })
    request.addEventListener('load', () => {
      const answer = { status: request.status, body: request.responseText.slice(0, ANSWER_MAX_CHARACTERS) }
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
    else request.send(body)
  })

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
