/** Tests of the object key: composed and read back by the same rule, and sorted like ids. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fileIdSchema } from '@studio/contracts/file'
import { newFileId } from './new-file-id.ts'
import { FILES_PREFIX, fileIdOfKey, objectKey } from './object-key.ts'

test('a key is read back as the id that it was made from, and keys sort like ids', () => {
  const ids = Array.from({ length: 200 }, () => newFileId())
  for (const id of ids) expect(fileIdOfKey(objectKey(id))).toBe(id)
  expect(ids.map(objectKey).toSorted()).toEqual(ids.toSorted().map(objectKey))
})

const ID = fileIdSchema.parse('abcdefghijklmno')

test.each([
  '',
  'files/',
  `files/ab/${ID}`,
  `files/ab/${ID}/original/`,
  `files/ab/${ID}/original-2`,
  `files/ab/${ID}/thumbnail`,
  `files/zz/${ID}/original`,
  `files2/ab/${ID}/original`,
  `/files/ab/${ID}/original`,
  `files//ab/${ID}/original`,
  `files/AB/${ID.toUpperCase()}/original`,
  `legacy/files/ab/${ID}/original`,
])('%j is no key of ours', (key) => {
  expect(fileIdOfKey(key)).toBeUndefined()
})

test('no text is taken for a key unless it is exactly one', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const key of [
        text,
        `${FILES_PREFIX}${text}`,
        `${objectKey(ID)}${text}`,
        `${text}${objectKey(ID)}`,
      ]) {
        expect(fileIdOfKey(key)).toBe(text === '' && key === objectKey(ID) ? ID : undefined)
      }
    }),
  )
})
