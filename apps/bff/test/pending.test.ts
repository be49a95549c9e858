/** What is unfinished, what is there already and what a project takes up, as the browser hears of it. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startStudioBehindBff, type StudioBehindBff } from './studio-behind-bff.ts'
import { refusalOf } from './test-bff.ts'
import { beginRequest, noteFrame } from './upload-request.ts'

let studio: StudioBehindBff

beforeAll(async () => {
  studio = await startStudioBehindBff()
})

afterAll(() => studio.close())

it('a person’s unfinished upload is listed on any device, offered again, and nobody else’s business', async () => {
  const { bff, scene } = studio
  const { project: projectId } = scene
  const request = beginRequest(new TextEncoder().encode('begun'), { projectId, path: 'shots/day 1' })
  const { fileId } = await bff.as(scene.member).files.begin.mutate(request)
  const pending = {
    fileId,
    transport: 'direct',
    confirmedBytes: 0,
    request: { ...request, usage: 'attachment' },
  }
  expect(await bff.as(scene.member).files.pending.query({ projectId })).toMatchObject({
    uploads: [pending],
    next: null,
  })
  expect(await bff.as(scene.owner).files.pending.query({})).toEqual({ uploads: [], next: null })
  const { name, size, sha256 } = request
  const question = { projectId, items: [{ name, size, sha256 }] }
  expect(await bff.as(scene.member).files.findDuplicates.query(question)).toMatchObject({
    offers: [{ kind: 'continue', upload: pending }],
  })
  expect(await bff.as(scene.owner).files.findDuplicates.query(question)).toEqual({
    offers: [{ kind: 'none' }],
  })
})

it('a file that a colleague stored is already here, and what it takes up is counted', async () => {
  const { bff, scene } = studio
  const { project: projectId } = scene
  const before = await bff.as(scene.owner).projects.storage.query({ projectId })
  const frame = noteFrame('stored by a colleague', { projectId })
  const { fileId, size, sha256 } = await bff.as(scene.member).files.uploadInline.mutate(frame)
  const item = { name: 'the same.txt', size, sha256: sha256 ?? '' }
  expect(await bff.as(scene.owner).files.findDuplicates.query({ projectId, items: [item] })).toMatchObject({
    offers: [{ kind: 'already-here', file: { fileId, name: 'note.txt' } }],
  })
  expect(await bff.as(scene.owner).projects.storage.query({ projectId })).toEqual({
    usedBytes: before.usedBytes + size,
    quotaBytes: null,
  })
})

it('a stranger learns nothing of a project’s files, nor of its size', async () => {
  const { bff, scene } = studio
  const { project: projectId } = scene
  const stranger = bff.as(scene.stranger)
  expect(await refusalOf(stranger.projects.storage.query({ projectId }))).toMatchObject({
    code: 'PROJECT_NOT_FOUND',
  })
  const question = { projectId, items: [{ name: 'a', size: 1, sha256: 'a'.repeat(64) }] }
  expect(await refusalOf(stranger.files.findDuplicates.query(question))).toMatchObject({
    code: 'PROJECT_NOT_FOUND',
  })
})
