import { describe, expect, it } from 'vitest'
import { checkRecord } from './check-record.ts'

const id = 'abcdefghijklmno'
const url = `https://store.test:9000/studio/files/ab/${id}?X-Amz-Signature=1`
const record = {
  id,
  collectionId: 'pbc_1',
  collectionName: 'files',
  name: 'https://store.test:9000 files.txt',
  path: 'drafts/third act',
  mime_type: 'text/plain',
  size: 3,
  sha256: 'a'.repeat(64),
  usage: 'attachment',
  project: 'p',
  card: '',
}

describe('checkRecord', () => {
  it('finds nothing in a record of metadata, whatever the person called the file', () => {
    expect(checkRecord(record, url)).toEqual([])
  })

  it.each(['url', 'storage_key', 'object_path', 'location', 'Path', 'file_url'])(
    'finds a field called %s',
    (field) => {
      expect(checkRecord({ ...record, [field]: '' }, url)).toEqual([`its record has a field "${field}"`])
    },
  )

  it.each([
    ['the host', 'at store.test:9000'],
    ['the end of the path', `see ab/${id}`],
    ['the whole URL', url],
    ['something nested', { inner: [`ab/${id}`] }],
  ])('finds %s in a value', (_, value) => {
    expect(checkRecord({ ...record, note: value }, url)).toEqual(['its record says where it is, in "note"'])
    expect(checkRecord({ ...record, path: value }, url)).toEqual(['its record says where it is, in "path"'])
  })

  it('does not take the id for a place when it is the whole of the path', () => {
    expect(checkRecord(record, `https://store.test/${id}`)).toEqual([])
  })
})
