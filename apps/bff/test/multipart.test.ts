/** How a file goes up in parts through the BFF, with the real Asset Service and a real S3 server behind it. */
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MIB } from '@studio/contracts/limits'
import { startStudioBehindBff, type StudioBehindBff } from './studio-behind-bff.ts'
import { refusalOf } from './test-bff.ts'
import { beginRequest } from './upload-request.ts'

let studio: StudioBehindBff

beforeAll(async () => {
  studio = await startStudioBehindBff()
})

afterAll(() => studio.close())

const bytes = randomBytes(17 * MIB)
const sha256Of = (part: Uint8Array) => createHash('sha256').update(part).digest('hex')

/** A begun upload of the member, and its parts. */
async function beginInParts() {
  const { bff, scene } = studio
  const client = bff.as(scene.member)
  const { sha256: _unknown, ...request } = beginRequest(bytes, {
    projectId: scene.project,
    mimeType: 'application/octet-stream',
  })
  const begun = await client.files.begin.mutate(request)
  if (begun.state !== 'uploading' || begun.transport.kind !== 'multipart') throw new Error('Not in parts')
  const { partSize, partCount } = begun.transport
  const parts = Array.from({ length: partCount }, (_, index) => {
    const part = bytes.subarray(index * partSize, (index + 1) * partSize)
    return { partNumber: index + 1, sha256: sha256Of(part), part }
  })
  return { client, request, fileId: begun.fileId, parts }
}

describe('a file in parts', () => {
  it('is begun, signed, listed and completed here, while its parts go where the answers say', async () => {
    const { client, request, fileId, parts } = await beginInParts()
    const wanted = parts.map(({ partNumber, sha256 }) => ({ partNumber, sha256 }))
    const signed = await client.files.signParts.mutate({ fileId, parts: wanted })
    expect(signed.parts.map(({ partNumber }) => partNumber)).toEqual(
      parts.map(({ partNumber }) => partNumber),
    )
    const sent = await Promise.all(
      signed.parts.map(({ url, headers }, index) =>
        fetch(url, { method: 'PUT', headers, body: new Uint8Array(parts[index]?.part ?? []) }),
      ),
    )
    expect(sent.map(({ status }) => status)).toEqual(parts.map(() => 200))
    const listed = await client.files.listParts.query({ fileId })
    expect(listed.parts).toEqual(wanted.map((part, index) => ({ ...part, size: parts[index]?.part.length })))
    const partDigests = wanted.map(({ sha256 }) => sha256)
    expect(await refusalOf(client.files.complete.mutate({ fileId }))).toMatchObject({
      code: 'PARTS_MISMATCH',
    })
    const stored = await client.files.complete.mutate({ fileId, partDigests })
    expect(stored).toMatchObject({ fileId, size: bytes.length, sha256: null })
    expect(await client.files.begin.mutate(request)).toMatchObject({ state: 'ready', fileId })
  })

  it('is nobody else’s: to a stranger and to other members alike there is no such upload', async () => {
    const { client, fileId, parts } = await beginInParts()
    const wanted = parts.map(({ partNumber, sha256 }) => ({ partNumber, sha256 }))
    for (const other of [studio.scene.stranger, studio.scene.owner]) {
      const { files } = studio.bff.as(other)
      // All are caught at once: one that is refused before its turn would count as unhandled.
      const refusals = await Promise.all(
        [
          files.signParts.mutate({ fileId, parts: wanted }),
          files.listParts.query({ fileId }),
          files.complete.mutate({ fileId, partDigests: wanted.map(({ sha256 }) => sha256) }),
        ].map(refusalOf),
      )
      for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'UPLOAD_NOT_FOUND' })
    }
    expect(await client.files.listParts.query({ fileId })).toEqual({ parts: [] })
  })

  it('is refused to guests, before anything is asked of anybody', async () => {
    const { fileId, parts } = await beginInParts()
    const { files } = studio.bff.as()
    const wanted = parts.map(({ partNumber, sha256 }) => ({ partNumber, sha256 }))
    expect(await refusalOf(files.listParts.query({ fileId }))).toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(await refusalOf(files.signParts.mutate({ fileId, parts: wanted }))).toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  })
})
