/** One quick try of each promise: what weakened builds must fail at, and the build as it is must not. */
import { callBff, CallFailed, putBytes } from './bff-calls.ts'
import { openDatabaseLook } from './database-look.ts'
import type { FaultyStack } from './faulty-stack.ts'
import {
  expectNoLeaks,
  expectOnce,
  expectPrivate,
  expectReadable,
  expectRecords,
  ownerOf,
} from './promises.ts'
import { sendUntilStored } from './resume.ts'
import { openStoreLook } from './store-look.ts'
import { DIRECT, INLINE, type Transport } from './transports.ts'
import { begin, complete, newUpload, type Upload } from './uploads.ts'

type Check = (stack: FaultyStack) => Promise<void>

const smallUpload = ({ scene }: FaultyStack): Upload => newUpload({ ...scene, size: 100 })

async function store(stack: FaultyStack, transport: Transport) {
  const upload = smallUpload(stack)
  return { upload, stored: [await sendUntilStored(ownerOf(stack), { transport, upload })] }
}

/** Resolves to the code of a refusal. */
async function refusalOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call
  } catch (thrown) {
    if (thrown instanceof CallFailed) return thrown.code
    throw thrown
  }
  return undefined
}

const keepsBytes: Check = async (stack) => {
  const heard = await store(stack, DIRECT)
  await expectRecords(stack)
  const [file] = heard.stored
  await refusalOf(callBff(ownerOf(stack), 'files.abort', { fileId: file?.fileId }))
  await expectReadable(stack, heard)
}

const saysDoneOnlyWhenDone: Check = async (stack) => {
  const { fileId } = await begin(ownerOf(stack), smallUpload(stack))
  const refusal = await refusalOf(complete(ownerOf(stack), { fileId }))
  if (refusal !== 'UPLOAD_INCOMPLETE')
    throw new Error(`P2 is broken: without bytes, complete says ${refusal ?? 'done'}`)
}

const tellsPocketBase: Check = async (stack) => {
  // The decision about the project is remembered while PocketBase is away.
  await store(stack, INLINE)
  stack.servers.lines.pocketbase.fail('reset')
  await store(stack, INLINE)
  stack.servers.lines.pocketbase.mend()
  await expectRecords(stack)
}

const leaksNothing: Check = async (stack) => {
  const upload = smallUpload(stack)
  const begun = await begin(ownerOf(stack), upload)
  if (begun.state !== 'uploading' || begun.transport.kind !== 'direct') throw new Error('not in one piece')
  await putBytes(begun.transport, upload.bytes)
  await expectNoLeaks(stack)
}

const tellsNoStranger: Check = async (stack) => {
  const { stored } = await store(stack, INLINE)
  await expectRecords(stack)
  await expectPrivate(stack, stored[0]?.fileId ?? '')
}

const storesOnce: Check = async (stack) => {
  const upload = smallUpload(stack)
  const sending = { transport: DIRECT, upload }
  const first = await sendUntilStored(ownerOf(stack), sending)
  const second = await sendUntilStored(ownerOf(stack), sending)
  await expectOnce(stack, [{ upload, stored: [first, second] }])
}

/** How an ELF executable begins. */
const PROGRAM = new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, ...Array.from({ length: 57 }, () => 0)])

const keepsNothingRefused: Check = async (stack) => {
  const database = openDatabaseLook(stack.databaseUrl)
  const bucket = openStoreLook(stack.servers.s3, stack.bucket)
  try {
    const before = (await bucket.keys()).length
    const upload = newUpload({ ...stack.scene, size: PROGRAM.length, bytes: PROGRAM, mimeType: 'image/png' })
    const refusal = await refusalOf(DIRECT.send(ownerOf(stack), upload))
    if (refusal !== 'TYPE_NOT_ALLOWED') throw new Error(`P7 is broken: a program is ${refusal ?? 'stored'}`)
    if ((await bucket.keys()).length > before)
      throw new Error('P7 is broken: the object of a refused file stays')
    const rows = await database.rows()
    const row = rows.find(({ name }) => name === upload.request.name)
    if (row?.state === 'uploading') throw new Error('P7 is broken: the row of a refused file stays open')
  } finally {
    bucket.close()
    await database.close()
  }
}

/** By the number of the promise. */
export const PROMISE_CHECKS: Readonly<Record<`P${1 | 2 | 3 | 4 | 5 | 6 | 7}`, Check>> = {
  P1: keepsBytes,
  P2: saysDoneOnlyWhenDone,
  P3: tellsPocketBase,
  P4: leaksNothing,
  P5: tellsNoStranger,
  P6: storesOnce,
  P7: keepsNothingRefused,
}
