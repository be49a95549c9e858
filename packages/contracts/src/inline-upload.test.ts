/** The octet stream of an inline upload: read as it was made, and refused when it is anything else. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeInlineUpload, INLINE_REQUEST_MAX_BYTES, inlineUploadSchema } from './inline-upload.ts'
import { projectIdSchema } from './project.ts'
import { beginUploadSchema, type BeginUploadInput } from './upload.ts'

const request: BeginUploadInput = {
  idempotencyKey: 'key-00000001',
  name: 'présentation 最終版 🎬.mp4',
  mimeType: 'video/mp4',
  size: 3,
  sha256: 'ab'.repeat(32),
  projectId: projectIdSchema.parse('project00000001'),
}

/** A frame whose JSON is this text. */
function frameOf(text: string, claimedLength?: number): Uint8Array {
  const json = new TextEncoder().encode(text)
  const frame = new Uint8Array(4 + json.length)
  new DataView(frame.buffer).setUint32(0, claimedLength ?? json.length)
  frame.set(json, 4)
  return frame
}

describe('an inline upload', () => {
  test('is read as it was made, also where it lies within a larger buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.nat(9), (bytes, offset) => {
        const made = encodeInlineUpload(request, bytes)
        const around = new Uint8Array(made.length + offset + 5)
        around.set(made, offset)
        const frame = around.subarray(offset, offset + made.length)
        const parsed = inlineUploadSchema.parse(frame)
        expect(parsed.request).toEqual(beginUploadSchema.parse(request))
        expect(parsed.bytes).toEqual(bytes)
        expect(parsed.frame).toBe(frame)
      }),
    )
  })

  test('that is cut anywhere within its request is refused', () => {
    const whole = encodeInlineUpload(request, new Uint8Array())
    for (let length = 0; length < whole.length; length += 1) {
      expect(inlineUploadSchema.safeParse(whole.subarray(0, length)).success).toBe(false)
    }
  })

  test('of random bytes is refused, and nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        expect(inlineUploadSchema.safeParse(bytes).success).toBe(false)
      }),
    )
  })

  test.each([
    ['not JSON', frameOf('{')],
    ['not UTF-8', Uint8Array.of(0, 0, 0, 2, 0x22, 0xff)],
    ['longer than a request may be', frameOf(JSON.stringify('x'.repeat(INLINE_REQUEST_MAX_BYTES)))],
    ['said to be longer than the whole', frameOf('{}', 2 ** 32 - 1)],
  ])('with a request that is %s is refused', (_what, frame) => {
    expect(inlineUploadSchema.safeParse(frame).error?.issues).toMatchObject([
      { message: 'Not an inline upload' },
    ])
  })

  test.each([new FormData(), 'text', undefined, {}])('that is %s is refused', (other) => {
    expect(inlineUploadSchema.safeParse(other).success).toBe(false)
  })

  test('names the field that is wrong', () => {
    const frame = encodeInlineUpload({ ...request, size: -1 }, new Uint8Array())
    expect(inlineUploadSchema.safeParse(frame).error?.issues).toMatchObject([{ path: ['size'] }])
  })
})
