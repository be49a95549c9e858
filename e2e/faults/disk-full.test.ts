/** The disk under the object store is full: an upload fails in words, and what was stored before is untouched. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBrokenServers, type BrokenServers } from './broken-servers.ts'
import { bundleApps, type BundledApps } from './bundled-apps.ts'
import { callBff, CallFailed } from './bff-calls.ts'
import { startFaultyStack, type FaultyStack } from './faulty-stack.ts'
import { expectPromises, ownerOf, type Heard } from './promises.ts'
import { isPassing, sendUntilStored } from './resume.ts'
import { startS3OnSmallDisk, type SmallS3 } from './small-disk.ts'
import { DIRECT, INLINE, MULTIPART } from './transports.ts'
import { begin, newUpload } from './uploads.ts'

let apps: BundledApps
let servers: BrokenServers
let stack: FaultyStack
let s3: SmallS3
beforeAll(async () => {
  const startS3 = async () => (s3 = await startS3OnSmallDisk())
  ;[apps, servers] = await Promise.all([bundleApps(), startBrokenServers({ startS3 })])
  stack = await startFaultyStack({ servers, apps })
})
afterAll(async () => {
  await stack?.dispose()
  await servers?.dispose()
  await apps?.dispose()
})

test('a disk that is full refuses in words, and takes files again when there is room', async () => {
  const caller = ownerOf(stack)
  const heard: Heard[] = []
  for (const transport of [INLINE, DIRECT]) {
    const upload = newUpload({ ...stack.scene, size: transport.size })
    heard.push({ upload, stored: [await sendUntilStored(caller, { transport, upload })] })
  }

  const large = newUpload({ ...stack.scene, size: s3.tooMuch })
  const refusal = await MULTIPART.send(caller, large).catch((thrown: unknown) => thrown)
  expect(refusal).toBeInstanceOf(CallFailed)
  expect(isPassing(refusal)).toBe(true)

  // Cancelling frees the space.
  const { fileId } = await begin(caller, large)
  await callBff(caller, 'files.abort', { fileId })
  heard.push({ upload: large, stored: [] })
  for (const transport of [INLINE, DIRECT]) {
    const upload = newUpload({ ...stack.scene, size: 1_000_000 })
    heard.push({ upload, stored: [await sendUntilStored(caller, { transport, upload })] })
  }
  await expectPromises(stack, heard)
})
