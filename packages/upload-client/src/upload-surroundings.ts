/** What an upload reaches the world through, so that tests can put something else there. */
import type { Sleep } from './back-off.ts'
import type { Connectivity } from './connectivity.ts'
import type { Platform } from './platform.ts'
import type { UploadApi } from './upload-api.ts'

/** Headers that say who asks, anew for each request; `isRefused` after the server did not accept the last ones. */
export type RequestHeaders = (why: {
  isRefused: boolean
}) => Record<string, string> | Promise<Record<string, string>>

export interface UploadSurroundings extends Platform {
  files: UploadApi
  sleep: Sleep
  random: () => number
  /** Milliseconds by a clock that never goes back. */
  now: () => number
  connectivity: Connectivity
  /** The origin of the server behind `files`, for bytes that it relays (tus); the page's own in browsers, empty in Node. */
  baseUrl: string
  /** Who asks, for relayed bytes: the same as what `files` sends. */
  headers: RequestHeaders
}
