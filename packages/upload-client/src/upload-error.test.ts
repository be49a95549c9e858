import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '@studio/contracts/error-code'
import { StudioError } from '@studio/contracts/studio-error'
import { callError, isTemporary, judgeAnswer, sourceError } from './upload-error.ts'

describe('what a call threw', () => {
  it('keeps the code and the words that a server sent', () => {
    const thrown = Object.assign(new Error('x'), {
      data: { studio: { code: 'CARD_NOT_FOUND', message: 'No card' } },
    })
    expect(callError(thrown)).toMatchObject({ code: 'CARD_NOT_FOUND', message: 'No card', cause: thrown })
  })

  it('is a service that does not answer when no server spoke', () => {
    const thrown = new TypeError('fetch failed')
    expect(callError(thrown)).toMatchObject({ code: 'REGISTRY_UNAVAILABLE', cause: thrown })
  })

  it.each<[ErrorCode, boolean]>([
    ['STORE_UNAVAILABLE', true],
    ['REGISTRY_UNAVAILABLE', true],
    ['RECORDS_UNAVAILABLE', true],
    ['INTERNAL', false],
    ['UPLOAD_INCOMPLETE', false],
    ['UNAUTHENTICATED', false],
  ])('is worth asking again after %s: %s', (code, expected) => {
    expect(isTemporary(new StudioError(code))).toBe(expected)
  })
})

describe('what a blob threw', () => {
  it('says that the file changed when the platform says that it cannot be read', () => {
    const thrown = new DOMException('The blob could not be read', 'NotReadableError')
    expect(sourceError(thrown)).toMatchObject({ code: 'SIZE_MISMATCH', cause: thrown })
    expect(sourceError(thrown).message).toContain('changed')
  })

  it('is our fault when it is anything else', () => {
    expect(sourceError(new RangeError('no memory'))).toHaveProperty('code', 'INTERNAL')
  })
})

describe('the answer to the bytes', () => {
  it.each([
    [200, '', { name: 'sent' }],
    [204, '', { name: 'sent' }],
    [400, '<Code>BadDigest</Code>', { name: 'failed', error: { code: 'CHECKSUM_MISMATCH' } }],
    [
      400,
      '<Error><Code>RequestTimeout</Code></Error>',
      { name: 'busy', error: { code: 'STORE_UNAVAILABLE' } },
    ],
    [403, '<Code>AccessDenied</Code>', { name: 'missing', error: { code: 'STORE_UNAVAILABLE' } }],
    [412, '<Code>PreconditionFailed</Code>', { name: 'unanswered', error: { code: 'STORE_UNAVAILABLE' } }],
    [500, '', { name: 'busy', error: { code: 'STORE_UNAVAILABLE' } }],
    [503, '<Code>SlowDown</Code>', { name: 'busy', error: { code: 'STORE_UNAVAILABLE' } }],
  ])('of status %i with %j is judged', (status, body, event) => {
    expect(judgeAnswer({ status, body })).toMatchObject(event)
  })

  it('keeps the words of the store for the log and not for the person', () => {
    const event = judgeAnswer({ status: 500, body: 'secret-host' })
    const error = 'error' in event ? event.error : undefined
    expect(error?.message).not.toContain('secret-host')
    expect(String(error?.cause)).toContain('secret-host')
  })
})
