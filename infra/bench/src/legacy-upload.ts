/** The legacy way beside ours: a PocketBase without hooks that keeps the files of a collection on the same S3 server. */

import { fileURLToPath } from 'node:url'
import PocketBase from 'pocketbase'
import type { S3Connection } from '@studio/dev/stack/external-services'
import { startTestPocketBase } from '@studio/dev/testing/test-pocketbase'
import { expectSame } from './bench-error.ts'
import { sha256Of, type MadeFile } from './made-file.ts'

const folder = (name: string) => fileURLToPath(new URL(`../legacy-pocketbase/${name}`, import.meta.url))

export interface LegacyUpload {
  /** Uploads as a signed-in person with PocketBase's own client; resolves to the record's id. */
  upload(file: MadeFile): Promise<string>
  expectStored(id: string, file: MadeFile): Promise<void>
  /** Records that there are. */
  count(): Promise<number>
  dispose(): Promise<void>
}

/** Starts it, points it at the bucket, and signs a person in. */
export async function startLegacyUpload(s3: S3Connection): Promise<LegacyUpload> {
  const server = await startTestPocketBase({
    migrationsDirectory: folder('pb_migrations'),
    hooksDirectory: folder('pb_hooks'),
  })
  try {
    const superuser = newClient(server.url)
    await superuser
      .collection('_superusers')
      .authWithPassword(server.superuser.email, server.superuser.password)
    await superuser.settings.update({ s3: s3Settings(s3) })
    await superuser.settings.testS3('storage')
    const person = await signInSomebody(superuser)
    const uploads = person.collection('uploads')
    return {
      async upload({ name, bytes }) {
        const form = new FormData()
        form.set('owner', person.authStore.record?.id ?? '')
        form.set('name', name)
        form.set('file', new Blob([new Uint8Array(bytes)]), name)
        const record = await uploads.create<{ id: string; name: string }>(form)
        expectSame('the name of a legacy record', { is: record.name, should: name })
        return record.id
      },
      async expectStored(id, file) {
        const record = await uploads.getOne(id)
        const response = await fetch(person.files.getURL(record, String(record['file'])))
        const bytes = new Uint8Array(await response.arrayBuffer())
        expectSame('the SHA-256 of a legacy file', { is: sha256Of(bytes), should: file.sha256 })
      },
      count: async () => (await superuser.collection('uploads').getList(1, 1)).totalItems,
      dispose: () => server.dispose(),
    }
  } catch (thrown) {
    await server.dispose()
    throw thrown
  }
}

function s3Settings({ endpoint, region, bucket, accessKeyId, secretAccessKey }: S3Connection) {
  return {
    enabled: true,
    endpoint,
    region,
    bucket,
    accessKey: accessKeyId,
    secret: secretAccessKey,
    forcePathStyle: true,
  }
}

async function signInSomebody(superuser: PocketBase): Promise<PocketBase> {
  const [email, password] = ['legacy@studio.test', crypto.randomUUID()]
  await superuser
    .collection('users')
    .create({ email, password, passwordConfirm: password, name: 'Legacy', verified: true })
  const person = newClient(superuser.baseURL)
  await person.collection('users').authWithPassword(email, password)
  return person
}

function newClient(url: string): PocketBase {
  return new PocketBase(url).autoCancellation(false)
}
