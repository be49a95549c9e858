/** Every way that bytes enter. A further one is a further entry. */
import type { Caller } from './bff-calls.ts'
import { sendByTus } from './tus-upload.ts'
import { sendDirect, sendInline, sendInParts, type Stored, type Upload } from './uploads.ts'

const MIB = 1024 * 1024

export interface Transport {
  readonly name: 'inline' | 'direct' | 'multipart' | 'tus'
  readonly size: number
  /** Begins, or goes on where it was. */
  readonly send: (caller: Caller, upload: Upload) => Promise<Stored>
}

export const INLINE: Transport = { name: 'inline', size: 100, send: sendInline }
export const DIRECT: Transport = { name: 'direct', size: 100, send: sendDirect }
/** One byte above what goes in one piece. */
export const MULTIPART: Transport = { name: 'multipart', size: 16 * MIB + 1, send: sendInParts }
/** A part, and a rest that is too small to be one. */
export const TUS: Transport = { name: 'tus', size: 9 * MIB, send: sendByTus }

export const TRANSPORTS: readonly Transport[] = [INLINE, DIRECT, MULTIPART, TUS]
