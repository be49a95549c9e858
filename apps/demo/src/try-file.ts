/** Takes one file the whole way: up through the BFF, over to the other person, and back by its URL. */
import type PocketBase from 'pocketbase'
import type { StoredFile, Transport } from '@studio/contracts/upload'
import { createUploadClient, type UploadTarget } from '@studio/upload-client/upload-client'
import { uploadApiFromTrpc, type UploadApi } from '@studio/upload-client/upload-api'
import type { BffClient } from './bff-client.ts'
import { checkDelivery } from './check-delivery.ts'
import { checkRecord } from './check-record.ts'
import { describe } from './command-line.ts'
import { DemoError } from './demo-error.ts'
import type { DemoFile } from './demo-file.ts'
import type { FileResult } from './demo-result.ts'
import { hashStream, type StreamDigest } from './hash-stream.ts'
import type { FileWatch } from './watch-files.ts'

/** Long enough for an outbox that tries again, far longer than the second it should take. */
const SEEN_WITHIN_MILLISECONDS = 10_000

export interface Stage {
  bff: BffClient
  /** Signed in as the person who uploads. */
  uploader: PocketBase
  watch: FileWatch
  target: UploadTarget
  inlineMaxBytes: number
}

/** Never rejects on account of the file: what goes wrong is in the result. */
export async function tryFile(stage: Stage, file: DemoFile): Promise<FileResult> {
  const digest = await hashStream(file.source.stream())
  const result: FileResult = {
    name: file.name,
    fileId: null,
    bytes: digest.size,
    sha256: digest.sha256,
    transport: 'inline',
    uploadMilliseconds: null,
    seenMilliseconds: null,
    urlStatus: null,
    anonymousStatus: null,
    problems: [],
  }
  try {
    await follow(stage, file, result)
  } catch (thrown) {
    result.problems.push(describe(thrown))
  }
  return result
}

async function follow(stage: Stage, file: DemoFile, result: FileResult): Promise<void> {
  const start = performance.now()
  const stored = await upload(stage, file, (transport) => (result.transport = transport))
  result.uploadMilliseconds = Math.round(performance.now() - start)
  result.fileId = stored.fileId
  result.problems.push(...checkAnswer(stored, result))

  const seenAt = await stage.watch.appeared(stored.fileId, SEEN_WITHIN_MILLISECONDS)
  if (seenAt === undefined) result.problems.push('the other person did not hear of it')
  else result.seenMilliseconds = Math.round(seenAt - start)

  const url = await resolveUrl(stage.bff, stored.fileId)
  const delivery = await checkDelivery(url, { size: result.bytes, sha256: result.sha256 })
  result.urlStatus = delivery.urlStatus
  result.anonymousStatus = delivery.anonymousStatus
  const record = await stage.uploader.collection('files').getOne(stored.fileId)
  result.problems.push(...delivery.problems, ...checkRecord({ ...record }, url))
}

/** Uploads the file as a browser would, and says which way it takes when that is not inline. */
function upload(
  stage: Stage,
  file: DemoFile,
  onTransport: (kind: Transport['kind']) => void,
): Promise<StoredFile> {
  const api = uploadApiFromTrpc(stage.bff)
  const files: UploadApi = {
    ...api,
    begin: async (input, options) => {
      const begun = await api.begin(input, options)
      if (begun.state === 'uploading') onTransport(begun.transport.kind)
      return begun
    },
  }
  const { inlineMaxBytes, target } = stage
  return createUploadClient({ files, inlineMaxBytes }).upload({ ...file, target })
}

function checkAnswer(stored: StoredFile, { bytes, sha256, name, transport }: FileResult): string[] {
  const digest: StreamDigest = { size: bytes, sha256 }
  const problems: string[] = []
  if (stored.size !== digest.size) problems.push(`it is said to have ${stored.size} bytes`)
  // Nobody has read a file that went in parts as a whole yet: its bytes are checked when they are read back.
  const isUnread = stored.sha256 === null && transport === 'multipart'
  if (!isUnread && stored.sha256 !== digest.sha256) problems.push('it is said to have another checksum')
  if (stored.name !== name) problems.push(`it is said to be called ${stored.name}`)
  return problems
}

async function resolveUrl(bff: BffClient, fileId: string): Promise<string> {
  const { items } = await bff.files.urls.query({ items: [{ fileId }] })
  const [answer] = items
  if (answer?.status !== 'ok') throw new DemoError(`it has no URL: ${answer?.code ?? 'no answer'}`)
  return answer.url
}
