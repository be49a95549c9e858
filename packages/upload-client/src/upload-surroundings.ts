/** What an upload reaches the world through, so that tests can put something else there. */
import type { Sleep } from './back-off.ts'
import type { Connectivity } from './connectivity.ts'
import type { SendBytes } from './send-bytes.ts'
import type { UploadApi } from './upload-api.ts'

export interface UploadSurroundings {
  files: UploadApi
  sendBytes: SendBytes
  sleep: Sleep
  random: () => number
  /** Milliseconds by a clock that never goes back. */
  now: () => number
  connectivity: Connectivity
}
