/**
 * The store that `@tus/server` is given, one for each request: the library knows neither who asks nor the request's checksum,
 * and hands bodies over as web streams, which cost a multiple of reading the socket. So the body is read here, past it.
 */
import type { Readable } from 'node:stream'
import { DataStore, Upload } from '@tus/server'
import type { Actor } from '@studio/contracts/actor'
import { fileIdSchema, type FileId } from '@studio/contracts/file'
import { TUS_MAX_BYTES, UPLOAD_LIFE_SECONDS } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import { TUS_EXTENSIONS, type TusMetadata } from '@studio/contracts/tus'
import { requireUsageSize, usageMaxBytes } from '@studio/contracts/usage-limits'
import type { FileRow } from '../ports/file-registry.ts'
import type { TusUpload } from '../ports/tus-uploads.ts'
import { secondsFrom } from '../seconds-from.ts'
import { abortUpload } from './abort-upload.ts'
import { settleUpload } from './complete-upload.ts'
import { endUpload } from './end-upload.ts'
import { findOwnUpload } from './own-upload.ts'
import { beginTus } from './tus-begin.ts'
import { finishTus } from './tus-finish.ts'
import type { HeldLock } from './tus-locks.ts'
import { requestOfMetadata } from './tus-metadata.ts'
import { receiveBody, type BodyChecksum } from './tus-receive.ts'
import { isWhole, openTusSession, type TusContext, type TusSession } from './tus-session.ts'
import { endedError } from './upload-state.ts'

/** One request as the store sees it. */
export interface TusRequest {
  actor: Actor
  method: string
  /** The request's own stream: nobody else reads it. */
  body: Readable
  checksum: BodyChecksum | undefined
  /** `Upload-Metadata` and `Upload-Concat` as they came. */
  uploadMetadata: string | null
  /** Of a POST, what `uploadMetadata` says. */
  metadata: TusMetadata
  concat: string | null
  stallSeconds: number
}

function readId(id: string): FileId {
  const parsed = fileIdSchema.safeParse(id)
  if (!parsed.success) throw new StudioError('UPLOAD_NOT_FOUND')
  return parsed.data
}

export class TusRequestStore extends DataStore {
  readonly #context: TusContext
  readonly #request: TusRequest
  #session: TusSession | undefined
  #lock: HeldLock | undefined
  /** What was found out about the upload, for the answer's headers. */
  upload: TusUpload | undefined
  /** What this request began. */
  #created: FileRow | undefined

  constructor(context: TusContext, request: TusRequest) {
    super()
    this.#context = context
    this.#request = request
    this.extensions = [...TUS_EXTENSIONS]
  }

  /** The library looks for this extension under a name with a letter too many. */
  override hasExtension(extension: string): boolean {
    return super.hasExtension(extension === 'concatentation' ? 'concatenation' : extension)
  }

  override getExpiration(): number {
    return UPLOAD_LIFE_SECONDS * 1000
  }

  /** Before a lock is asked for: only the owner may interrupt who holds it. A file that is ready needs none. */
  async lock(id: string, onWanted: () => void): Promise<void> {
    if (this.#request.method === 'POST') return
    const row = await findOwnUpload(this.#context.ports, this.#request.actor, readId(id))
    if (row.state !== 'uploading') return
    await this.#take(row.fileId)
    this.#lock?.signal.addEventListener('abort', onWanted, { once: true })
  }

  async unlock(): Promise<void> {
    await this.#lock?.release()
    this.#lock = undefined
  }

  /** Nobody was told where an upload is whose POST failed, so nobody could go on with it. */
  async abandon(): Promise<void> {
    if (this.#created !== undefined) await endUpload(this.#context.ports, this.#created, 'aborted')
  }

  override async create(upload: Upload): Promise<Upload> {
    const { ports } = this.#context
    const { actor, uploadMetadata, metadata, concat } = this.#request
    const request = requestOfMetadata(metadata, upload.size ?? 0)
    const details = { isLengthDeferred: upload.size === undefined, concat, uploadMetadata }
    const row = await beginTus(ports, actor, { request, details })
    this.#created = row
    upload.id = row.fileId
    upload.creation_date = creationOf(row)
    await this.#take(row.fileId)
    if (upload.size === 0) await this.#finish(await this.#open(row.fileId))
    return upload
  }

  override async getUpload(id: string): Promise<Upload> {
    const { actor, method } = this.#request
    const row = await findOwnUpload(this.#context.ports, actor, readId(id))
    const { size } = row.request
    if (row.state === 'expired') throw endedError(row)
    if (row.state !== 'uploading') {
      this.upload = await this.#context.ports.tus.find(row.fileId)
      return new Upload({ id, size, offset: size })
    }
    // After a POST the library looks once more, without the lock: only whether it is whole already.
    if (this.#lock === undefined) return this.#show(row, await this.#context.ports.tus.find(row.fileId))
    const session = await this.#open(row.fileId)
    const { concat } = session.upload
    if (method === 'PATCH' && concat !== null && concat !== 'partial') throw new StudioError('FORBIDDEN')
    // A whole upload without its file was interrupted in its last step. "All of it is there" is said after that only.
    if (isWhole(session)) await this.#finish(session)
    return this.#show(row, session.upload)
  }

  override async declareUploadLength(id: string, size: number): Promise<void> {
    const session = await this.#open(readId(id))
    requireUsageSize({ ...session.row.request, size }, TUS_MAX_BYTES)
    const { ports } = this.#context
    if (!(await ports.tus.resize(session.lock, size, { isFinal: true }))) throw new StudioError('UPLOAD_BUSY')
    this.#session = undefined
  }

  /** Resolves to the offset that is durable. With the last byte the file is complete. */
  override async write(emptyStream: Readable, id: string, offset: number): Promise<number> {
    emptyStream.resume()
    const { body, checksum, stallSeconds, actor } = this.#request
    const { ports } = this.#context
    const row = await findOwnUpload(ports, actor, readId(id))
    if (row.state === 'ready') return row.request.size
    const session = await this.#open(row.fileId)
    if (session.upload.receivedBytes !== offset) throw new StudioError('OFFSET_MISMATCH')
    const { size, usage } = session.row.request
    const maxBytes = session.upload.isLengthDeferred ? usageMaxBytes(usage, TUS_MAX_BYTES) : size
    await receiveBody(session, { body, checksum, maxBytes, stallSeconds })
    if (isWhole(session)) await this.#finish(session)
    return session.upload.receivedBytes
  }

  override async remove(id: string): Promise<void> {
    await abortUpload(this.#context.ports, this.#request.actor, { fileId: readId(id) })
  }

  #show(row: FileRow, upload: TusUpload | undefined): Upload {
    if (upload === undefined) throw new StudioError('UPLOAD_NOT_FOUND')
    this.upload = upload
    return new Upload({
      id: row.fileId,
      ...(upload.isLengthDeferred ? {} : { size: row.request.size }),
      offset: upload.receivedBytes,
      creation_date: creationOf(row),
    })
  }

  async #take(fileId: FileId): Promise<void> {
    this.#lock = await this.#context.locks.take(fileId)
  }

  async #open(fileId: FileId): Promise<TusSession> {
    if (this.#lock === undefined) throw new StudioError('UPLOAD_NOT_FOUND')
    const { actor } = this.#request
    return (this.#session ??= await openTusSession(this.#context, { fileId, actor }, this.#lock))
  }

  async #finish(session: TusSession): Promise<void> {
    await finishTus(session, settleUpload)
  }
}

/** The library counts an upload's life from its creation; ours begins again with each sign of life. */
function creationOf({ expiresAt }: FileRow): string {
  return secondsFrom(expiresAt, -UPLOAD_LIFE_SECONDS).toISOString()
}
