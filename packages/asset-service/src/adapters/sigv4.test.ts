/** Tests of signed requests against the examples that the S3 documentation publishes. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createRequestSigner } from './sigv4.ts'

const sign = createRequestSigner({
  region: 'us-east-1',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
})
const host = 'examplebucket.s3.amazonaws.com'
const at = new Date('2013-05-24T00:00:00Z')
const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')

/** "Examples: Signature Calculations", in "Authenticating Requests: Using the Authorization Header" (S3 API Reference). */
describe('a signed request is the one that the documentation publishes', () => {
  it('for a range of an object', () => {
    const request = { method: 'GET', path: '/test.txt', query: {}, headers: { range: 'bytes=0-9' } }
    const { target, headers } = sign({ ...request, host, at, payloadHash: sha256Of('') })
    expect(target).toBe('/test.txt')
    expect(headers).toMatchObject({
      host,
      range: 'bytes=0-9',
      'x-amz-date': '20130524T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    })
  })

  it('for an object that is put', () => {
    const headers = { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' }
    const signed = sign({
      method: 'PUT',
      path: '/test%24file.text',
      query: {},
      headers,
      host,
      at,
      payloadHash: sha256Of('Welcome to Amazon S3.'),
    })
    expect(signed.headers['authorization']).toMatch(
      /Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd$/,
    )
  })

  it('for a query', () => {
    const query = { prefix: 'J', 'max-keys': '2' }
    const signed = sign({ method: 'GET', path: '/', query, headers: {}, host, at, payloadHash: sha256Of('') })
    expect(signed.target).toBe('/?max-keys=2&prefix=J')
    expect(signed.headers['authorization']).toMatch(
      /Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7$/,
    )
  })
})
