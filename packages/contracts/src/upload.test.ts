/** The inline upload's form, and what names and types the contract accepts. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fileNameSchema, mimeTypeSchema } from './file.ts'
import { projectIdSchema } from './project.ts'
import { beginUploadSchema, inlineUploadForm, inlineUploadSchema, type BeginUploadInput } from './upload.ts'

const request: BeginUploadInput = {
  idempotencyKey: 'key-00000001',
  name: 'présentation 最終版 🎬.mp4',
  mimeType: 'video/mp4',
  size: 3,
  sha256: 'ab'.repeat(32),
  projectId: projectIdSchema.parse('project00000001'),
}

describe('an inline upload’s form', () => {
  test('is read as it was made', async () => {
    const parsed = inlineUploadSchema.parse(inlineUploadForm(request, new Blob([new Uint8Array([1, 2, 3])])))
    expect(parsed.request).toEqual(beginUploadSchema.parse(request))
    expect(new Uint8Array(await parsed.bytes.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]))
  })

  test('without bytes, without a request, or with a request that is not JSON is refused', () => {
    const noBytes = new FormData()
    noBytes.set('request', JSON.stringify(request))
    const noRequest = new FormData()
    noRequest.set('bytes', new Blob([]))
    const notJson = inlineUploadForm(request, new Blob([]))
    notJson.set('request', '{')
    for (const form of [noBytes, noRequest, notJson, 'form']) {
      expect(inlineUploadSchema.safeParse(form).success).toBe(false)
    }
  })

  test('names the field that is wrong', () => {
    const form = inlineUploadForm({ ...request, size: -1 }, new Blob([]))
    expect(inlineUploadSchema.safeParse(form).error?.issues).toMatchObject([{ path: ['size'] }])
  })
})

describe('a file name', () => {
  test('may be any Unicode that is not a path, and stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), (name) => {
        const isPath = /[/\\\p{Cc}]/u.test(name) || name === '.' || name === '..'
        const parsed = fileNameSchema.safeParse(name)
        expect(parsed.success).toBe(!isPath)
        if (parsed.success) expect(parsed.data).toBe(name)
      }),
    )
  })
})

describe('a MIME type', () => {
  test.each([
    ['Image/PNG', 'image/png'],
    ['text/plain; charset=utf-8', 'text/plain'],
    ['image/svg+xml', 'image/svg+xml'],
  ])('%s is kept as %s', (given, kept) => {
    expect(mimeTypeSchema.parse(given)).toBe(kept)
  })
  test.each(['', 'image', 'image/', '/png', 'image/png\r\nx: y', 'a b/c'])('%j is refused', (given) => {
    expect(mimeTypeSchema.safeParse(given).success).toBe(false)
  })
})
