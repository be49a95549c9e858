/** A person with a project of their own, who uploads through the BFF as a browser does. */

import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client'
import PocketBase from 'pocketbase'
import type { AppRouter } from '@studio/bff/router'
import { INLINE_MAX_BYTES } from '@studio/contracts/limits'
import { projectIdSchema, type ProjectId } from '@studio/contracts/project'
import type { StoredFile } from '@studio/contracts/upload'
import type { TestStack } from '@studio/dev/testing/test-stack'
import { waitUntil } from '@studio/dev/wait-until'
import { sendBytes } from '@studio/upload-client/send-bytes-node'
import { uploadApiFromTrpc } from '@studio/upload-client/upload-api'
import { createUploadClient } from '@studio/upload-client/upload-client'
import { expectSame, WrongAnswerError } from './bench-error.ts'
import { asBlob, sha256Of, type MadeFile } from './made-file.ts'

type Transport = 'inline' | 'direct'

/** Far more than the outbox takes. */
const RECORDS_DEADLINE_MS = 60_000
/** Short, because the wait is part of what is measured. */
const RECORDS_INTERVAL_MS = 20

export interface StudioPerson {
  /** The BFF as this person, call by call. */
  readonly bff: TRPCClient<AppRouter>
  readonly projectId: ProjectId
  /** Uploads by the client library; resolves when the file is stored. Its record may come a moment later. */
  upload(file: MadeFile, transport: Transport): Promise<StoredFile>
  /** The most bodies that were on their way to S3 at once since it was asked last. */
  takePeakLanes(): number
  /** Asks for a URL and reads the file back. */
  expectStored(fileId: string, file: MadeFile): Promise<void>
  /** File records of the project in PocketBase. */
  countRecords(): Promise<number>
  /** Resolves when there are so many; rejects when there are more, or when they take far longer than they should. */
  expectRecords(count: number): Promise<void>
}

/** Signs up, makes a project, and gets ready to upload into it. */
export async function createStudioPerson({
  servers,
  urls,
}: Pick<TestStack, 'servers' | 'urls'>): Promise<StudioPerson> {
  const { person, projectId } = await signUp(servers.pocketbase)
  const bff = createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${urls.bff}/trpc`,
        headers: { authorization: `Bearer ${person.authStore.token}` },
      }),
    ],
  })
  const files = uploadApiFromTrpc(bff)
  const bodies = countBodies()
  // A limit of no bytes sends a file of any size straight to S3.
  const clients = {
    inline: createUploadClient({ files, inlineMaxBytes: INLINE_MAX_BYTES }),
    direct: createUploadClient({ files, inlineMaxBytes: 0, sendBytes: bodies.sendBytes }),
  }
  const upload: StudioPerson['upload'] = async (file, transport) => {
    const stored = await clients[transport].upload({
      source: asBlob(file),
      name: file.name,
      mimeType: 'application/octet-stream',
      target: { projectId },
    })
    expectSame('the size of a stored file', { is: stored.size, should: file.bytes.length })
    expectSame('the name of a stored file', { is: stored.name, should: file.name })
    // Nobody has read a file in parts as a whole: its parts are what was checked.
    expectSame('the SHA-256 of a stored file', { is: stored.sha256 ?? file.sha256, should: file.sha256 })
    return stored
  }
  const countRecords = async () => {
    const filter = person.filter('project = {:projectId}', { projectId })
    return (await person.collection('files').getList(1, 1, { filter })).totalItems
  }
  return {
    bff,
    projectId,
    upload,
    takePeakLanes: bodies.takePeak,
    async expectStored(fileId, file) {
      const { items } = await bff.files.urls.query({ items: [{ fileId }] })
      const [answer] = items
      if (answer?.status !== 'ok') throw new WrongAnswerError(`there is no URL for ${fileId}`)
      const bytes = new Uint8Array(await (await fetch(answer.url)).arrayBuffer())
      expectSame('the SHA-256 of a file read back', { is: sha256Of(bytes), should: file.sha256 })
    },
    countRecords,
    async expectRecords(should) {
      let is = 0
      const isThere = async () => (is = await countRecords()) >= should
      await waitUntil(isThere, {
        what: 'the records of all files',
        deadlineMs: RECORDS_DEADLINE_MS,
        intervalMs: RECORDS_INTERVAL_MS,
      })
      expectSame('the number of records', { is, should })
    },
  }
}

async function signUp(pocketbase: TestStack['servers']['pocketbase']) {
  const newClient = () => new PocketBase(pocketbase.url).autoCancellation(false)
  const superuser = newClient()
  await superuser
    .collection('_superusers')
    .authWithPassword(pocketbase.superuser.email, pocketbase.superuser.password)
  const [email, password] = [`bench-${crypto.randomUUID()}@studio.test`, crypto.randomUUID()]
  const { id } = await superuser
    .collection('users')
    .create({ name: 'Bench', email, password, passwordConfirm: password, verified: true })
  const person = newClient()
  await person.collection('users').authWithPassword(email, password)
  const project = await person.collection('projects').create({ name: 'Bench', owner: id })
  return { person, projectId: projectIdSchema.parse(project.id) }
}

/** The platform's sender, with an eye on how many are under way. */
function countBodies() {
  let underWay = 0
  let peak = 0
  const send: typeof sendBytes = async (request) => {
    underWay += 1
    peak = Math.max(peak, underWay)
    try {
      return await sendBytes(request)
    } finally {
      underWay -= 1
    }
  }
  const takePeak = (): number => {
    const seen = peak
    peak = 0
    return seen
  }
  return { sendBytes: send, takePeak }
}
