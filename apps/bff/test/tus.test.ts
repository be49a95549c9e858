/** tus through the BFF's origin: a person's token is all that a plain client needs. */
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { Upload, type HttpRequest, type HttpResponse, type UploadOptions } from 'tus-js-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fileIdSchema, type FileId } from '@studio/contracts/file'
import { MIB } from '@studio/contracts/limits'
import { createPlaces, type TestPerson } from './people.ts'
import { startStudioBehindBff, type StudioBehindBff } from './studio-behind-bff.ts'

let studio: StudioBehindBff
beforeAll(async () => {
  studio = await startStudioBehindBff()
})
afterAll(() => studio.close())

const textOf = (size: number): Buffer<ArrayBuffer> => {
  const bytes = Buffer.alloc(size, 32)
  for (let position = 0; position + 16 <= size; position += 16)
    bytes.write(String(position).padStart(15, '.'), position)
  return bytes
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

interface Sent {
  person: TestPerson
  projectId?: string
  more?: Record<string, string>
  options?: Partial<UploadOptions>
}

function optionsOf({ person, projectId = studio.scene.project, more = {} }: Sent): UploadOptions {
  return {
    endpoint: `${studio.bff.url}/tus`,
    headers: { authorization: `Bearer ${person.token}` },
    metadata: { filename: 'notes.txt', filetype: 'text/plain', projectId, ...more },
    retryDelays: null,
  }
}

function send(bytes: Buffer, sent: Sent): Promise<FileId> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(bytes, {
      ...optionsOf(sent),
      ...sent.options,
      onError: reject,
      onSuccess: () => resolve(fileIdSchema.parse(upload.url?.split('/').at(-1))),
    })
    upload.start()
  })
}

async function readBack(fileId: FileId, person: TestPerson): Promise<Buffer> {
  const [item] = (await studio.bff.as(person).files.urls.query({ items: [{ fileId }] })).items
  if (item?.status !== 'ok') throw new Error(`no URL: ${JSON.stringify(item)}`)
  return Buffer.from(await (await fetch(item.url)).arrayBuffer())
}

/** What a refusal says on the wire. */
async function refusal(sent: Sent): Promise<string | undefined> {
  try {
    await send(textOf(10), sent)
  } catch (error) {
    return /"studio":\{"code":"([A-Z_]+)"/.exec(String(error))?.[1]
  }
  return undefined
}

describe('a person with a plain tus client', () => {
  test(
    'stores a file in a place of theirs, and it is under its own address, at the BFF',
    { timeout: 60_000 },
    async () => {
      const { member } = studio.scene
      const bytes = textOf(20 * MIB + 3)
      const { cardId } = await createPlaces(member, studio.scene.project)
      const addresses: string[] = []
      const options = {
        onAfterResponse: (_request: HttpRequest, response: HttpResponse) => {
          const location = response.getHeader('Location')
          if (location !== undefined) addresses.push(location)
        },
      }
      const fileId = await send(bytes, { person: member, more: { cardId }, options })
      expect(sha256Of(await readBack(fileId, member))).toBe(sha256Of(bytes))
      expect(addresses).toEqual([`/tus/${fileId}`])
      await expect
        .poll(async () => studio.scene.service.collection('files').getOne(fileId))
        .toMatchObject({ name: 'notes.txt', card: cardId, owner: member.id, sha256: sha256Of(bytes) })
    },
  )

  test(
    'goes on after the connection was cut, without sending again what was acknowledged',
    { timeout: 60_000 },
    async () => {
      const { owner } = studio.scene
      const bytes = textOf(24 * MIB)
      const created = await fetch(`${studio.bff.url}/tus`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${owner.token}`,
          'tus-resumable': '1.0.0',
          'upload-length': String(bytes.length),
          'upload-metadata': `filename ${btoa('cut.txt')},filetype ${btoa('text/plain')},projectId ${btoa(studio.scene.project)}`,
        },
      })
      const uploadUrl = `${studio.bff.url}${created.headers.get('location')}`
      await cutAfter(uploadUrl, owner.token, bytes.subarray(0, 11 * MIB))
      const headers = { authorization: `Bearer ${owner.token}`, 'tus-resumable': '1.0.0' }
      const offset = async () =>
        Number((await fetch(uploadUrl, { method: 'HEAD', headers })).headers.get('upload-offset'))
      await expect.poll(offset, { timeout: 10_000 }).toBe(11 * MIB)
      const starts: number[] = []
      const fileId = await send(bytes, {
        person: owner,
        options: {
          uploadUrl,
          onBeforeRequest: (sent) => void starts.push(Number(sent.getHeader('Upload-Offset') ?? -1)),
        },
      })
      expect(starts.filter((start) => start >= 0)).toEqual([11 * MIB])
      expect(sha256Of(await readBack(fileId, owner))).toBe(sha256Of(bytes))
    },
  )

  test('is refused a project, a card and an address that are not theirs', async () => {
    const { owner, stranger, project, foreignProject } = studio.scene
    const { cardId } = await createPlaces(stranger, foreignProject)
    expect(await refusal({ person: stranger, projectId: project })).toBe('PROJECT_NOT_FOUND')
    expect(await refusal({ person: owner, more: { cardId } })).toBe('CARD_NOT_FOUND')
    expect(await refusal({ person: owner, projectId: '../../x' })).toBe('VALIDATION_FAILED')
    expect(await refusal({ person: { ...owner, token: 'not.a.token' } })).toBe('UNAUTHENTICATED')
    const fileId = await send(textOf(5), { person: owner })
    const headers = { authorization: `Bearer ${stranger.token}`, 'tus-resumable': '1.0.0' }
    const url = `${studio.bff.url}/tus/${fileId}`
    expect((await fetch(url, { method: 'HEAD', headers })).status).toBe(404)
    expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(404)
    expect((await fetch(url, { headers })).status).toBe(404)
  })
})

/** Sends some bytes of a longer body, and closes the connection once they are on their way. */
function cutAfter(url: string, token: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const sent = request(url, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${token}`,
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
        'content-length': String(bytes.length + 1),
      },
    })
    sent.on('error', () => resolve())
    // "Flushed" is: handed to the kernel, which delivers it before the end of the connection.
    sent.write(bytes, () => sent.socket?.end(() => resolve()))
  })
}
