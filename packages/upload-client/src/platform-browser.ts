/** Browsers, where a person would rather find an upload still waiting than failed. */
import { digestInBrowser } from './digest-browser.ts'
import type { Platform } from './platform.ts'
import { sendBytes } from './send-bytes-xhr.ts'

const HOUR = 3_600_000

/** @public Bundlers for browsers take it for `#platform`. */
export const platform: Platform = {
  sendBytes,
  digestBytes: digestInBrowser,
  patienceMilliseconds: 24 * HOUR,
}
