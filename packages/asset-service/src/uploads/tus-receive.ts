/**
 * Receives the body of one PATCH. Bytes are acknowledged when they are durable: as parts in the store while they come, and as
 * a segment when the body ends, or is cut, between two parts.
 */
import { createHash, type Hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { TUS_PART_BYTES } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import { fileTooLarge } from '@studio/contracts/usage-limits'
import type { TusAdvance, TusSegment } from '../ports/tus-uploads.ts'
import { BodyInterrupted, createBodyReader, type BodyReader } from './tus-body.ts'
import { deleteSegments, readSegments, sendPart, writeSegment } from './tus-parts.ts'
import { advanceSession, isWhole, type TusSession } from './tus-session.ts'

/** `Upload-Checksum` (tus 1.0, "Checksum"): of this request's body. */
export interface BodyChecksum {
  algorithm: 'md5' | 'sha1' | 'sha256'
  /** Base64. */
  digest: string
}

export interface ReceiveBody {
  body: Readable
  checksum: BodyChecksum | undefined
  /** What the upload may have in all, in bytes: a body without a length is counted against it like any other. */
  maxBytes: number
  stallSeconds: number
}

/** Who has had a buffer for so long while others wait for one saves what is in it, and waits for the next turn. */
const PATIENCE_MS = 500

/** The part that is being filled. */
interface Filling {
  buffer: Buffer
  /** Where its bytes end. What lies before `segmentBytes` is in segments, and read only when the part is sent. */
  end: number
  segmentBytes: number
  /** `performance.now()`. */
  since: number
}

interface Intake {
  session: TusSession
  reader: BodyReader
  maxBytes: number
  /** Bytes of the file that have arrived so far, durable or not. */
  position: number
  filling: Filling | undefined
  sending: Promise<void>
  /** Of the whole file, when this request began at its first byte. */
  whole: Hash | undefined
  bodyHash: Hash | undefined
  /** What is durable, but not to be acknowledged before the body's checksum is known to be the announced one. */
  withheld: Progress | undefined
  /** Segments that parts have taken the place of, to be deleted when nothing is withheld any more. */
  replaced: TusSegment[]
}

type Progress = Pick<TusAdvance, 'to' | 'newPartDigests' | 'segments'>

/** Between the last part and the bytes that are still in memory. */
const segmentsOf = ({ withheld, session }: Intake): readonly TusSegment[] =>
  withheld?.segments ?? session.upload.segments

/** Acknowledges what is durable, or keeps in mind that it is. */
async function note(intake: Intake, progress: Progress): Promise<void> {
  if (intake.bodyHash === undefined) return advanceSession(intake.session, progress)
  const newPartDigests = [...(intake.withheld?.newPartDigests ?? []), ...progress.newPartDigests]
  intake.withheld = { ...progress, newPartDigests }
}

async function deleteReplaced(intake: Intake): Promise<void> {
  if (intake.bodyHash === undefined) await deleteSegments(intake.session, intake.replaced.splice(0))
}

async function startFilling(intake: Intake): Promise<Filling> {
  const { session } = intake
  // A second buffer only if one is free: the first comes back when its part is sent.
  let buffer = session.buffers.tryTake()
  if (buffer === undefined) {
    await intake.sending
    buffer = await session.buffers.take(session.lock.signal).catch((cause: unknown) => {
      throw new BodyInterrupted('called off', { cause })
    })
  }
  const segmentBytes = intake.position % TUS_PART_BYTES
  return { buffer, end: segmentBytes, segmentBytes, since: performance.now() }
}

function dropFilling(intake: Intake): void {
  if (intake.filling !== undefined) intake.session.buffers.give(intake.filling.buffer)
  intake.filling = undefined
}

/** One part: whatever of it lies in segments, and what was received. */
async function sendFilled(intake: Intake, filling: Filling, to: number): Promise<void> {
  const { session } = intake
  const segments = segmentsOf(intake)
  try {
    if (filling.segmentBytes > 0) await readSegments(session, segments, filling.buffer)
    const partNumber = Math.floor((to - filling.end) / TUS_PART_BYTES) + 1
    const digest = await sendPart(session, partNumber, filling.buffer.subarray(0, filling.end))
    await note(intake, { to, newPartDigests: [digest], segments: [] })
    intake.replaced.push(...segments)
    await deleteReplaced(intake)
  } finally {
    session.buffers.give(filling.buffer)
  }
}

/** The part goes out while the next one comes in. */
async function sendInBackground(intake: Intake, filling: Filling): Promise<void> {
  const to = intake.position
  intake.filling = undefined
  await intake.sending.catch((error: unknown) => {
    intake.session.buffers.give(filling.buffer)
    throw error
  })
  intake.sending = sendFilled(intake, filling, to)
  // Whoever waits for it next hears of a failure; until then it is not unheard.
  intake.sending.catch(() => undefined)
}

/** Makes durable what is in the buffer, as a segment, and gives the buffer back. */
async function save(intake: Intake): Promise<void> {
  const { session, filling } = intake
  await intake.sending
  if (filling === undefined) return
  const received = filling.buffer.subarray(filling.segmentBytes, filling.end)
  try {
    if (received.length === 0) return
    const segment = await writeSegment(session, intake.position - received.length, received)
    const segments = [...segmentsOf(intake), segment]
    try {
      await note(intake, { to: intake.position, newPartDigests: [], segments })
    } catch (error) {
      // Unless the answer was lost, nobody knows of it.
      const isRefused = error instanceof StudioError && error.code !== 'REGISTRY_UNAVAILABLE'
      if (isRefused) await deleteSegments(session, [segment])
      throw error
    }
  } finally {
    dropFilling(intake)
  }
}

function tooMuch({ session: { row, upload }, maxBytes }: Intake): StudioError {
  if (upload.isLengthDeferred) return fileTooLarge(row.request.usage, maxBytes)
  return new StudioError('FILE_TOO_LARGE', { message: 'More bytes came than were announced.' })
}

async function take(intake: Intake, chunk: Buffer): Promise<void> {
  if (intake.position + chunk.length > intake.maxBytes) throw tooMuch(intake)
  intake.whole?.update(chunk)
  intake.bodyHash?.update(chunk)
  for (let taken = 0; taken < chunk.length;) {
    const filling = (intake.filling ??= await startFilling(intake))
    const copied = chunk.copy(filling.buffer, filling.end, taken)
    taken += copied
    filling.end += copied
    intake.position += copied
    if (filling.end === TUS_PART_BYTES) await sendInBackground(intake, filling)
  }
}

/** However slowly a body comes, and whether or not it may be acknowledged yet: it does not keep a buffer from others. */
async function takeAll(intake: Intake): Promise<void> {
  const { reader, session } = intake
  for (;;) {
    const chunk = await reader.next(PATIENCE_MS)
    if (chunk === undefined) return
    if (chunk !== 'waiting') await take(intake, chunk)
    const { filling } = intake
    const hadItsTurn = filling !== undefined && performance.now() - filling.since >= PATIENCE_MS
    if (hadItsTurn && session.buffers.isWanted()) await save(intake)
  }
}

/** A body whose checksum is not the announced one leaves nothing: none of it was acknowledged yet. */
async function acknowledgeWithheld(intake: Intake, checksum: BodyChecksum): Promise<void> {
  if (intake.bodyHash?.digest('base64') !== checksum.digest) throw new StudioError('CHECKSUM_MISMATCH')
  await intake.sending
  intake.bodyHash = undefined
  const { withheld } = intake
  intake.withheld = undefined
  if (withheld !== undefined) await advanceSession(intake.session, withheld)
  await deleteReplaced(intake)
}

/** What a crash leaves of these is found under their upload's prefix when it ends. */
async function forgetWithheld(intake: Intake): Promise<void> {
  const { session, replaced, withheld } = intake
  const acknowledged = new Set(session.upload.segments)
  const written = [...replaced, ...(withheld?.segments ?? [])]
  const unheardOf = written.filter((segment) => !acknowledged.has(segment))
  await deleteSegments(session, unheardOf)
}

/** The last part may be short (S3: "multipart upload limits"); everything else between two parts is kept as a segment. */
async function saveRest(intake: Intake): Promise<void> {
  const { session, filling, position } = intake
  const isEnd = !session.upload.isLengthDeferred && position === session.row.request.size
  if (!isEnd || filling === undefined) return save(intake)
  await sendInBackground(intake, filling)
  await intake.sending
}

async function noteWhole(intake: Intake): Promise<void> {
  const { session, whole } = intake
  const { receivedBytes, segments } = session.upload
  if (whole === undefined || !isWhole(session)) return
  const progress = { to: receivedBytes, newPartDigests: [], segments }
  await advanceSession(session, { ...progress, sha256: whole.digest('hex') })
}

/**
 * Resolves when all of the body is durable. When the body was cut off, what came of it is durable too (unless its checksum
 * was announced, and can no longer be known), and this throws `BodyInterrupted`.
 */
export async function receiveBody(session: TusSession, options: ReceiveBody): Promise<void> {
  const { body, checksum, maxBytes, stallSeconds } = options
  const begins = session.upload.receivedBytes
  const intake: Intake = {
    session,
    reader: createBodyReader({ body, signal: session.lock.signal, stallSeconds }),
    maxBytes,
    position: begins,
    filling: undefined,
    sending: Promise.resolve(),
    whole: begins === 0 ? createHash('sha256') : undefined,
    bodyHash: checksum && createHash(checksum.algorithm),
    withheld: undefined,
    replaced: [],
  }
  try {
    await takeAll(intake)
    if (checksum !== undefined) await acknowledgeWithheld(intake, checksum)
    await saveRest(intake)
    await noteWhole(intake)
  } catch (error) {
    if (error instanceof BodyInterrupted && intake.bodyHash === undefined) await saveRest(intake)
    throw error
  } finally {
    await intake.sending.catch(() => undefined)
    dropFilling(intake)
    if (intake.bodyHash !== undefined) await forgetWithheld(intake)
  }
}
