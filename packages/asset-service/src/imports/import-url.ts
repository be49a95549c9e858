/** Imports files from public addresses: small ones at once, large ones while the caller asks how it goes. */
import { createHash } from 'node:crypto'
import type { Actor } from '@studio/contracts/actor'
import type { ImportedFile, ImportReference, ImportUrl } from '@studio/contracts/file-life'
import { GIB, SINGLE_PUT_MAX_BYTES } from '@studio/contracts/limits'
import { StudioError, toStudioError } from '@studio/contracts/studio-error'
import { requireUsageSize, usageMaxBytes } from '@studio/contracts/usage-limits'
import type { BeginUpload } from '@studio/contracts/upload'
import { objectKey } from '../files/object-key.ts'
import type { FileRow } from '../ports/file-registry.ts'
import type { OpenedSource } from '../ports/http-source.ts'
import type { Ports } from '../ports/ports.ts'
import { admitUpload } from '../uploads/admit-upload.ts'
import { settleUpload } from '../uploads/complete-upload.ts'
import { endUpload } from '../uploads/end-upload.ts'
import { importInParts, importLife } from './import-in-parts.ts'
import { importStateOf } from './import-state.ts'

/** Of one process: each holds a part in memory, or a small file. */
const IMPORTS_AT_ONCE = 4
const MAX_BYTES = 50 * GIB
/** For opening the source, and for a small file altogether: somebody waits for the answer. */
const ANSWER_WITHIN_MS = 60_000
const WITHIN_MS = 6 * 60 * 60 * 1000

const UNKNOWN_TYPE = 'application/octet-stream'

export interface Importer {
  importUrl(actor: Actor, request: ImportUrl): Promise<ImportedFile>
  /** Throws `UPLOAD_NOT_FOUND` for an unknown id and for someone else's import alike. */
  importStatus(actor: Actor, reference: ImportReference): Promise<ImportedFile>
}

interface Fetched {
  actor: Actor
  request: ImportUrl
  source: OpenedSource
}

function requestFor(
  { request, source }: Fetched,
  content: Pick<BeginUpload, 'size' | 'sha256'>,
): BeginUpload {
  return {
    idempotencyKey: request.idempotencyKey,
    name: request.name ?? source.name ?? 'download',
    mimeType: source.mimeType ?? UNKNOWN_TYPE,
    ...content,
    usage: request.usage,
    ...request.target,
  }
}

/** Whether the row is ours to fill, or an earlier request's with the same key. */
async function admitted(ports: Ports, fetched: Fetched, content: Pick<BeginUpload, 'size' | 'sha256'>) {
  const fileId = ports.newFileId()
  const row = await admitUpload(
    { ...ports, newFileId: () => fileId },
    {
      actor: fetched.actor,
      request: requestFor(fetched, content),
      transport: 'import',
      life: importLife(ports.now()),
    },
  )
  return { row, isOurs: row.fileId === fileId }
}

/** What has come before it was known to be too much for one piece, and then the rest. */
async function* continued(head: Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  // Let go of one by one.
  for (let chunk = head.shift(); chunk !== undefined; chunk = head.shift()) yield chunk
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

/** The bytes of a file in one piece, or, when more comes, all of it as a source that has not been read. */
async function readSmall(source: OpenedSource): Promise<{ bytes: Uint8Array } | { large: OpenedSource }> {
  const chunks: Uint8Array[] = []
  let length = 0
  const body = source.body[Symbol.asyncIterator]()
  for (let next = await body.next(); next.done !== true; next = await body.next()) {
    length += next.value.byteLength
    chunks.push(next.value)
    if (length > SINGLE_PUT_MAX_BYTES) return { large: { ...source, body: continued(chunks, body) } }
  }
  return { bytes: Buffer.concat(chunks, length) }
}

/** What went wrong is what its row says from then on; a row that ended by itself says why it did. */
async function giveUp(ports: Ports, row: FileRow, thrown: unknown): Promise<void> {
  const { code } = toStudioError(thrown)
  try {
    await endUpload(ports, row, code === 'UPLOAD_ENDED' ? 'aborted' : code)
  } catch (error) {
    // Its lease ends, and with it the import.
    ports.onBackgroundError(error, `ending import ${row.fileId}`)
  }
}

async function importSmall(ports: Ports, fetched: Fetched, bytes: Uint8Array): Promise<ImportedFile> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const { row, isOurs } = await admitted(ports, fetched, { size: bytes.length, sha256 })
  if (!isOurs) return importStateOf(row, ports.now())
  try {
    const { mimeType } = row.request
    await ports.store.put({ key: objectKey(row.fileId), bytes, mimeType, sha256 })
    return { state: 'ready', fileId: row.fileId, file: await settleUpload(ports, row, {}) }
  } catch (thrown) {
    await giveUp(ports, row, thrown)
    throw thrown
  }
}

/** The importer of one process. */
export function createImporter(ports: Ports): Importer {
  let underWay = 0
  const maxBytes = Math.min(MAX_BYTES, ports.importMaxBytes ?? MAX_BYTES)

  /** Answers once there is a row; `done` when the import is over, however it ended. */
  async function importLarge(fetched: Fetched, done: () => Promise<void>): Promise<ImportedFile> {
    const { multipart } = ports
    if (multipart === undefined) throw new StudioError('FILE_TOO_LARGE')
    const { size = SINGLE_PUT_MAX_BYTES } = fetched.source
    const { row, isOurs } = await admitted(ports, fetched, { size })
    if (!isOurs) {
      await done()
      return importStateOf(row, ports.now())
    }
    const growsTo = usageMaxBytes(fetched.request.usage, maxBytes)
    void importInParts(ports, { row, source: fetched.source, multipart, maxBytes: growsTo })
      .catch((thrown: unknown) => giveUp(ports, row, thrown))
      .finally(done)
      .catch((error: unknown) => ports.onBackgroundError(error, `importing ${row.fileId}`))
    return { state: 'importing', fileId: row.fileId, size }
  }

  async function fetchAndImport(actor: Actor, request: ImportUrl): Promise<ImportedFile> {
    const ending = new AbortController()
    const answerIsDue = setTimeout(() => ending.abort(new Error('no answer in time')), ANSWER_WITHIN_MS)
    const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(WITHIN_MS)])
    underWay += 1
    let source: OpenedSource | undefined
    const done = async (): Promise<void> => {
      clearTimeout(answerIsDue)
      underWay -= 1
      await source?.close()
    }
    let isGoingOn = false
    try {
      source = await ports.httpSource.open(request.url, signal)
      const fetched = { actor, request, source }
      const { size } = source
      if (size !== undefined) requireUsageSize({ usage: request.usage, size }, maxBytes)
      if (size === undefined || size <= SINGLE_PUT_MAX_BYTES) {
        const read = await readSmall(source)
        if ('bytes' in read) return await importSmall(ports, fetched, read.bytes)
        fetched.source = read.large
      }
      clearTimeout(answerIsDue)
      const answer = await importLarge(fetched, done)
      isGoingOn = true
      return answer
    } finally {
      if (!isGoingOn) await done()
    }
  }

  return {
    async importUrl(actor, request) {
      const { issuer, subject } = actor
      const earlier = await ports.life.findByKey(request.idempotencyKey, { issuer, subject })
      if (earlier !== undefined) {
        if (earlier.transport !== 'import' || earlier.request.projectId !== request.target.projectId)
          throw new StudioError('IDEMPOTENCY_KEY_REUSED')
        return importStateOf(earlier, ports.now())
      }
      if (underWay >= IMPORTS_AT_ONCE) throw new StudioError('IMPORT_BUSY')
      return fetchAndImport(actor, request)
    },
    async importStatus(actor, { fileId }) {
      const row = await ports.registry.findUpload(fileId, actor)
      if (row?.transport !== 'import') throw new StudioError('UPLOAD_NOT_FOUND')
      return importStateOf(row, ports.now())
    },
  }
}
