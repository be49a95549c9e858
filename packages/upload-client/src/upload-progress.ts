/** What a person is told about a running upload. */
import type { UploadState } from './upload-state.ts'

/** Bytes. `loaded` begins anew with each phase, and falls back when the bytes have to be sent again. */
export interface UploadProgress {
  phase: 'hashing' | 'uploading' | 'finishing'
  loaded: number
  total: number
}

/** `undefined` for states in which nothing moves any more. */
export function progressOf(state: UploadState): UploadProgress | undefined {
  switch (state.name) {
    case 'hashing':
      return { phase: 'hashing', loaded: state.loaded, total: state.size }
    case 'sending':
    case 'sending-parts':
    case 'sending-tus':
      return { phase: 'uploading', loaded: state.loaded, total: state.size }
    case 'beginning':
    case 'sending-inline':
      return { phase: 'uploading', loaded: 0, total: state.size }
    case 'completing':
      return { phase: 'finishing', loaded: state.size, total: state.size }
    default:
      return undefined
  }
}
