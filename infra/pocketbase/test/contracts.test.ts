/** Records as PocketBase sends them to a person are what contracts say they are. */

import { beforeAll, expect, test } from 'vitest'
import { assetRecordSchema } from '@studio/contracts/asset'
import { cardRecordSchema } from '@studio/contracts/card'
import { fileRecordSchema } from '@studio/contracts/file'
import { generationRecordSchema } from '@studio/contracts/generation'
import { projectRecordSchema } from '@studio/contracts/project'
import { sampleOf } from './matrix-records.ts'
import { createScene, type Scene } from './scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await createScene()
})

test.each([
  ['projects', projectRecordSchema],
  ['cards', cardRecordSchema],
  ['assets', assetRecordSchema],
  ['generations', generationRecordSchema],
  ['files', fileRecordSchema],
  ['view_asset_files', fileRecordSchema],
])('a record of %s', async (collection, schema) => {
  const { id } = await sampleOf(collection).arrange(scene)
  const record = await scene.member.client.collection(collection).getOne(id)
  expect(schema.parse(record)).toMatchObject({ id, created: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) })
})
