/** That every kind of failure finds its words. */
import { ERROR_CODES } from '@studio/contracts/error-code'
import { StudioError } from '@studio/contracts/studio-error'
import { TRPCClientError } from '@trpc/client'
import { ClientResponseError } from 'pocketbase'
import { describe, expect, it } from 'vitest'
import { describeError } from './describe-error.ts'

function fromBff(studio: unknown): unknown {
  return Object.assign(new TRPCClientError('failed'), { data: { studio } })
}

function fromPocketBase(status: number, data: Record<string, unknown> = {}): ClientResponseError {
  return new ClientResponseError({ status, response: { status, message: 'Failed.', data } })
}

describe('describeError', () => {
  it('takes code, words and reference from the BFF', () => {
    const thrown = fromBff({ code: 'PROJECT_NOT_FOUND', message: 'Not here.', requestId: 'r-1' })
    expect(describeError(thrown)).toEqual({
      code: 'PROJECT_NOT_FOUND',
      message: 'Not here.',
      requestId: 'r-1',
      transient: false,
    })
  })

  it('takes code and words from an error of the upload client', () => {
    expect(describeError(new StudioError('CHECKSUM_MISMATCH'))).toMatchObject({
      code: 'CHECKSUM_MISMATCH',
      message: ERROR_CODES.CHECKSUM_MISMATCH.message,
      transient: false,
    })
  })

  it.each(['STORE_UNAVAILABLE', 'REGISTRY_UNAVAILABLE', 'RECORDS_UNAVAILABLE'])(
    'says that %s passes',
    (code) => {
      expect(describeError(fromBff({ code, message: 'Away.' })).transient).toBe(true)
    },
  )

  it.each([
    ['an answer of something that is not the BFF', new TRPCClientError('Unexpected token < in JSON')],
    ['an error of the BFF that is none of the list', fromBff({ code: 'NEW_CODE', message: '' })],
    ['a network that fails', new TypeError('Failed to fetch')],
  ])('takes %s for a server out of reach', (_, thrown) => {
    expect(describeError(thrown)).toMatchObject({ code: 'UNREACHABLE', transient: true })
  })

  it.each([
    [0, 'RECORDS_UNAVAILABLE'],
    [401, 'UNAUTHENTICATED'],
    [403, 'FORBIDDEN'],
    [404, 'FORBIDDEN'],
    [429, 'RECORDS_UNAVAILABLE'],
    [400, 'VALIDATION_FAILED'],
    [502, 'RECORDS_UNAVAILABLE'],
  ])('reads %i of PocketBase as %s', (status, code) => {
    expect(describeError(fromPocketBase(status)).code).toBe(code)
  })

  it('repeats what PocketBase says about the fields', () => {
    const data = {
      title: { code: 'validation_max_text_constraint', message: 'Must be less than 500 characters.' },
    }
    expect(describeError(fromPocketBase(400, data)).message).toBe('Must be less than 500 characters.')
  })

  it('never shows the words of an unknown error', () => {
    expect(describeError(new Error('x is undefined')).message).toBe(ERROR_CODES.INTERNAL.message)
    expect(describeError(undefined).code).toBe('INTERNAL')
  })
})
