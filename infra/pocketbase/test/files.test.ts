/** File metadata: what it holds, what it refuses, and what becomes of its relations. */

import { beforeAll, describe, expect, test } from 'vitest'
import { fileUsageSchema } from '@studio/contracts/file'
import { assetKindSchema } from '@studio/contracts/asset'
import { generationStatusSchema } from '@studio/contracts/generation'
import { FILE_NAME_MAX_CODE_POINTS } from '@studio/contracts/limits'
import { errorOf, fieldErrorsOf, outcomeOf } from './outcome.ts'
import { createPerson, createScene, fileFields, newId, type Scene } from './scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await createScene()
})

const create = (fields: Record<string, unknown>) =>
  scene.service.collection('files').create(fileFields(scene.project, fields))

describe('the shape of a file', () => {
  test('is metadata and relations, and nothing that says where the bytes are', async () => {
    const { fields } = await scene.superuser.collections.getOne('files')
    expect(fields.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      'id: text',
      'name: text',
      'path: text',
      'mime_type: text',
      'size: number',
      'width: number',
      'height: number',
      'sha256: text',
      'usage: select',
      'owner: relation',
      'project: relation',
      'card: relation',
      'asset: relation',
      'generation: relation',
      'thumbnail: relation',
      'attachment_only: bool',
      'created: autodate',
      'updated: autodate',
    ])
  })

  test('is the same in the view of files of assets', async () => {
    const names = async (collection: string) =>
      (await scene.superuser.collections.getOne(collection)).fields.map(({ name }) => name).sort()
    expect(await names('view_asset_files')).toEqual(await names('files'))
  })

  test('offers the choices that contracts know', async () => {
    const choices = async (collection: string, field: string) =>
      (await scene.superuser.collections.getOne(collection)).fields.find(({ name }) => name === field)?.[
        'values'
      ]
    expect(await choices('files', 'usage')).toEqual(fileUsageSchema.options)
    expect(await choices('assets', 'kind')).toEqual(assetKindSchema.options)
    expect(await choices('generations', 'status')).toEqual(generationStatusSchema.options)
  })

  test('no collection has a field for files, or for addresses', async () => {
    const collections = await scene.superuser.collections.getFullList()
    const types = collections.flatMap(({ name, fields }) => fields.map(({ type }) => `${name} ${type}`))
    expect(types.filter((type) => / (file|url)$/.test(type))).toEqual([])
  })
})

describe('values', () => {
  const family = '👨‍👩‍👧‍👦'
  const names = [
    'présentation 最終版 🎬.mp4',
    family.repeat(300),
    '🎬'.repeat(FILE_NAME_MAX_CODE_POINTS),
    ' a\u0301 ',
  ]

  test.each(names)('the name of test %# is kept as it is', async (name) => {
    expect(await create({ name })).toMatchObject({ name })
  })

  test('a name has a length between one and the limit, in code points', async () => {
    expect(await fieldErrorsOf(create({ name: '' }))).toEqual({ name: 'validation_required' })
    expect(await fieldErrorsOf(create({ name: '🎬'.repeat(FILE_NAME_MAX_CODE_POINTS + 1) }))).toEqual({
      name: 'validation_max_text_constraint',
    })
  })

  test.each([0, 1, 5 * 1024 ** 3, Number.MAX_SAFE_INTEGER])(
    'a size of %d bytes is kept as it is',
    async (size) => {
      expect(await create({ size })).toMatchObject({ size })
    },
  )

  test.each(['size', 'width', 'height'])('a %s is a whole number, and not negative', async (field) => {
    expect(await fieldErrorsOf(create({ [field]: -1 }))).toEqual({
      [field]: 'validation_min_number_constraint',
    })
    expect(await fieldErrorsOf(create({ [field]: 1.5 }))).toEqual({
      [field]: 'validation_only_int_constraint',
    })
  })

  test('a checksum is 64 lower-case hexadecimal digits, or not known yet', async () => {
    const sha256 = '0123456789abcdef'.repeat(4)
    expect(await create({ sha256 })).toMatchObject({ sha256 })
    expect(await create({ sha256: '' })).toMatchObject({ sha256: '' })
    for (const wrong of [sha256.toUpperCase(), sha256.slice(1), `${sha256}\n`, `g${sha256.slice(1)}`]) {
      expect(await outcomeOf(create({ sha256: wrong })), JSON.stringify(wrong)).toBe('refused')
    }
  })

  test('what is required is asked for, and what is unknown is refused', async () => {
    expect(await fieldErrorsOf(create({ project: '', usage: '', mime_type: '' }))).toEqual({
      project: 'validation_required',
      usage: 'validation_required',
      mime_type: 'validation_required',
    })
    expect(await fieldErrorsOf(create({ usage: 'souvenir' }))).toEqual({ usage: 'validation_invalid_value' })
    expect(await fieldErrorsOf(create({ id: 'UPPER-CASE-0001' }))).toEqual({
      id: 'validation_invalid_format',
    })
  })
})

describe('what the Asset Service relies on', () => {
  test('a second record under the same id is refused as not unique, and the first stays', async () => {
    const first = await create({})
    const error = await errorOf(create({ id: first.id, name: 'second.png' }))
    expect(error?.response).toEqual({
      status: 400,
      message: 'Failed to create record.',
      data: { id: { code: 'validation_not_unique', message: 'Value must be unique.' } },
    })
    expect(await scene.service.collection('files').getOne(first.id)).toEqual(first)
  })

  test('of two that write the same id at once, one gets it', async () => {
    const id = newId()
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcomeOf(create({ id }))))
    expect(outcomes.filter((outcome) => outcome === 'yes')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(7)
  })

  test.each(['project', 'card', 'asset', 'generation', 'thumbnail', 'owner'])(
    'a %s that does not exist is named in the error',
    async (field) => {
      expect((await errorOf(create({ [field]: newId() })))?.response).toEqual({
        status: 400,
        message: 'Failed to create record.',
        data: {
          [field]: {
            code: 'validation_missing_rel_records',
            message: 'Failed to find all relation records with the provided ids.',
          },
        },
      })
    },
  )

  test('an expired or altered token is answered with 401, not with an empty list', async () => {
    const { guest, service } = scene
    const headers = { Authorization: `${service.authStore.token}x` }
    const files = guest.collection('files')
    const requests = [
      files.getList(1, 1, { headers }),
      files.getOne(newId(), { headers }),
      files.create(fileFields(scene.project), { headers }),
      files.update(newId(), {}, { headers }),
      files.delete(newId(), { headers }),
    ]
    const errors = await Promise.all(requests.map(errorOf))
    expect(errors.map((error) => error?.status)).toEqual([401, 401, 401, 401, 401])
  })
})

describe('relations of a file', () => {
  test.each([
    ['card', () => scene.superuser.collection('cards').create({ project: scene.project, order: 'a0' })],
    [
      'asset',
      () => scene.superuser.collection('assets').create({ project: scene.project, name: 'A', kind: 'other' }),
    ],
    [
      'generation',
      () => scene.superuser.collection('generations').create({ project: scene.project, status: 'queued' }),
    ],
    ['thumbnail', () => create({ usage: 'thumbnail' })],
  ])('a %s that is deleted is cleared, and the file stays', async (field, arrange) => {
    const target = await arrange()
    const file = await create({ [field]: target.id })
    const deleter = field === 'thumbnail' ? scene.service : scene.superuser
    await deleter.collection(target.collectionName).delete(target.id)
    expect(await scene.member.client.collection('files').getOne(file.id)).toMatchObject({
      [field]: '',
      name: file['name'],
    })
  })

  test('an owner who is deleted is cleared, and the file stays', async () => {
    const person = await createPerson(scene.superuser, 'Leaving')
    const file = await create({ owner: person.id })
    await scene.superuser.collection('users').delete(person.id)
    expect(await scene.member.client.collection('files').getOne(file.id)).toMatchObject({ owner: '' })
  })

  test('the view follows: a file whose asset is deleted leaves it', async () => {
    const asset = await scene.superuser
      .collection('assets')
      .create({ project: scene.project, name: 'A', kind: 'image' })
    const file = await create({ asset: asset.id })
    const view = scene.member.client.collection('view_asset_files')
    const { collectionId: _, collectionName: __, ...fields } = file
    expect(await view.getOne(file.id)).toMatchObject(fields)
    await scene.superuser.collection('assets').delete(asset.id)
    expect(await outcomeOf(view.getOne(file.id))).toBe('hidden')
  })
})
