/** A plugin for Uppy: its files go up by this client, in parts, resumable and verified. */
import { BasePlugin, type Body, type Meta, type PluginOpts, type Uppy, type UppyFile } from '@uppy/core'
import { StudioError, toStudioError } from '@studio/contracts/studio-error'
import type { StoredFile } from '@studio/contracts/upload'
import { createLanes, type Lanes } from './lanes.ts'
import { randomKey } from './random-key.ts'
import { isResumable } from './upload-error.ts'
import type { Upload, UploadClient, UploadTarget } from './upload-client.ts'

export interface StudioUploadOptions<M extends Meta, B extends Body> extends PluginOpts {
  client: Pick<UploadClient, 'createUpload'>
  /** Where the files belong: one place for all, or one for each. */
  target: UploadTarget | ((file: UppyFile<M, B>) => UploadTarget)
  /** Files on their way at once; 3 when absent. */
  limit?: number
}

const FILES_AT_ONCE = 3

/**
 * `uppy.use(StudioUpload, { client, target })`. Pausing, resuming, retrying and removing files in Uppy do so here; a retry sends nothing
 * again that the store has. The `StoredFile` is `response.body` of `upload-success`, a `StudioError` the error of `upload-error`.
 */
export class StudioUpload<M extends Meta, B extends Body> extends BasePlugin<
  StudioUploadOptions<M, B>,
  M,
  B
> {
  readonly #live = new Map<string, Upload>()
  /** What makes a retry go on where the file was. */
  readonly #keys = new Map<string, string>()
  readonly #lanes: Lanes

  constructor(uppy: Uppy<M, B>, options: StudioUploadOptions<M, B>) {
    super(uppy, options)
    this.id = options.id ?? 'StudioUpload'
    this.type = 'uploader'
    this.#lanes = createLanes(options.limit ?? FILES_AT_ONCE)
  }

  override install(): void {
    const { uppy } = this
    uppy.setState({ capabilities: { ...uppy.getState().capabilities, resumableUploads: true } })
    uppy.addUploader(this.#upload)
    uppy.on('upload-pause', this.#pause)
    uppy.on('pause-all', this.#pauseAll)
    uppy.on('resume-all', this.#resumeAll)
    uppy.on('file-removed', this.#remove)
    uppy.on('cancel-all', this.#cancelAll)
  }

  override uninstall(): void {
    const { uppy } = this
    uppy.setState({ capabilities: { ...uppy.getState().capabilities, resumableUploads: false } })
    uppy.removeUploader(this.#upload)
    uppy.off('upload-pause', this.#pause)
    uppy.off('pause-all', this.#pauseAll)
    uppy.off('resume-all', this.#resumeAll)
    uppy.off('file-removed', this.#remove)
    uppy.off('cancel-all', this.#cancelAll)
    this.#cancelAll()
  }

  readonly #upload = async (ids: string[]): Promise<void> => {
    const files = ids.map((id) => this.uppy.getFile(id))
    this.uppy.emit('upload-start', files)
    // Each file ends in an event of its own: one that fails stops no other.
    await Promise.all(files.map((file) => this.#lanes.run(() => this.#send(file))))
  }

  async #send({ id }: UppyFile<M, B>): Promise<void> {
    // Removed, or cancelled, while it waited for its turn.
    if (!this.#has(id)) return
    try {
      const upload = this.#begin(this.uppy.getFile(id))
      this.#live.set(id, upload)
      if (this.uppy.getFile(id).isPaused === true) upload.pause()
      const stored = await upload.done
      this.#keys.delete(id)
      if (this.#has(id)) this.uppy.emit('upload-success', this.uppy.getFile(id), responseOf<B>(stored))
    } catch (thrown) {
      const error = toStudioError(thrown)
      if (!isResumable(error)) this.#keys.delete(id)
      // A file that was taken away ends with an abort, and nobody is left to tell.
      if (this.#has(id)) this.uppy.emit('upload-error', this.uppy.getFile(id), error)
    } finally {
      this.#live.delete(id)
    }
  }

  #begin(file: UppyFile<M, B>): Upload {
    const { id, data, name } = file
    // Files of a Companion server are fetched by it, not by this page.
    if (!(data instanceof Blob)) throw new StudioError('VALIDATION_FAILED', { message: 'Not a local file.' })
    const idempotencyKey = this.#keys.get(id) ?? randomKey()
    this.#keys.set(id, idempotencyKey)
    const { target } = this.opts
    return this.opts.client.createUpload({
      source: data,
      name: name ?? 'file',
      mimeType: file.type ?? '',
      target: typeof target === 'function' ? target(file) : target,
      idempotencyKey,
      onProgress: ({ phase, loaded, total }) => {
        if (phase === 'hashing' || !this.#has(id)) return
        this.uppy.emit('upload-progress', this.uppy.getFile(id), {
          uploadStarted: this.uppy.getFile(id).progress.uploadStarted ?? Date.now(),
          bytesUploaded: loaded,
          bytesTotal: total,
        })
      },
    })
  }

  #has(id: string): boolean {
    // Uppy's type promises a file for each id; it answers nothing for one that was removed.
    return Object.hasOwn(this.uppy.getState().files, id)
  }

  readonly #pause = (file: UppyFile<M, B> | undefined, isPaused: boolean): void => {
    const upload = file && this.#live.get(file.id)
    if (isPaused) upload?.pause()
    else upload?.resume()
  }

  readonly #pauseAll = (): void => {
    for (const upload of this.#live.values()) upload.pause()
  }

  readonly #resumeAll = (): void => {
    for (const upload of this.#live.values()) upload.resume()
  }

  readonly #remove = ({ id }: UppyFile<M, B>): void => {
    this.#live.get(id)?.abort()
    this.#keys.delete(id)
  }

  readonly #cancelAll = (): void => {
    for (const upload of this.#live.values()) upload.abort()
    this.#keys.clear()
  }
}

/** Uppy's bodies are records of whatever the server said. */
function responseOf<B extends Body>(stored: StoredFile): { status: number; body: B } {
  return { status: 200, body: { ...stored } as unknown as B }
}
