/** PocketBase's records, read as contracts mean them; errors, read from the wire. */
import { describe, expect, test } from 'vitest'
import { compareCards } from './card.ts'
import { cardIdSchema } from './card.ts'
import { ERROR_CODES, errorCodeSchema } from './error-code.ts'
import { fileRecordSchema } from './file.ts'
import { readWireError, StudioError, toStudioError } from './studio-error.ts'

const record = {
  id: 'file00000000001',
  name: 'a.png',
  mime_type: 'image/png',
  size: 10,
  width: 0,
  height: 0,
  sha256: '',
  usage: 'attachment',
  path: '',
  attachment_only: false,
  owner: '',
  project: 'project00000001',
  card: '',
  asset: '',
  generation: '',
  thumbnail: '',
  created: '2026-11-22 18:19:00.000Z',
  updated: '2026-11-22 18:19:00.000Z',
}

describe('a file’s record', () => {
  test('has null where PocketBase has nothing, and instants in ISO 8601', () => {
    expect(fileRecordSchema.parse(record)).toMatchObject({
      mimeType: 'image/png',
      width: null,
      sha256: null,
      ownerId: null,
      cardId: null,
      path: null,
      projectId: 'project00000001',
      created: '2026-11-22T18:19:00.000Z',
    })
  })
  test('without its project is refused', () => {
    expect(fileRecordSchema.safeParse({ ...record, project: '' }).success).toBe(false)
  })
})

test('cards are in bytewise order, ties broken by id', () => {
  const card = (order: string, id: string) => ({ order, id: cardIdSchema.parse(id) })
  const cards = [card('a1', 'b00000000000000'), card('Zz', 'c00000000000000'), card('a1', 'a00000000000000')]
  expect(cards.toSorted(compareCards).map(({ id }) => id[0])).toEqual(['c', 'a', 'b'])
})

describe('errors', () => {
  test.each(errorCodeSchema.options)('%s says something to a person and has a status', (code) => {
    expect(ERROR_CODES[code].message).toMatch(/^[A-Z].*\.$/)
    expect(ERROR_CODES[code].status).toBeGreaterThanOrEqual(400)
  })
  test('that are not ours become INTERNAL with the cause kept', () => {
    const cause = new Error('disk on fire')
    expect(toStudioError(cause)).toMatchObject({ code: 'INTERNAL', cause })
    const ours = new StudioError('FILE_NOT_FOUND')
    expect(toStudioError(ours)).toBe(ours)
  })
  test('are read from an answer’s data, and only from there', () => {
    const studio = { code: 'FILE_NOT_FOUND', message: 'Gone.', requestId: 'r1' }
    expect(readWireError({ data: { studio } })).toEqual(studio)
    for (const other of [undefined, 'text', {}, { data: null }, { data: { studio: { code: 'NO_SUCH' } } }]) {
      expect(readWireError(other)).toBeUndefined()
    }
  })
})
