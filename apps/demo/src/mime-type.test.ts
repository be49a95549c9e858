import { describe, expect, it } from 'vitest'
import { mimeTypeSchema } from '@studio/contracts/file'
import { mimeTypeOf } from './mime-type.ts'

describe('mimeTypeOf', () => {
  it.each([
    ['a.png', 'image/png'],
    ['A.JPG', 'image/jpeg'],
    ['a.webp', 'image/webp'],
    ['a.wav', 'audio/wav'],
    ['note.txt', 'text/plain'],
    ['présentation 最終版 🎬.mp4', 'video/mp4'],
    ['archive.tar.gz', 'application/gzip'],
    ['no extension', 'application/octet-stream'],
    ['.hidden', 'application/octet-stream'],
    ['what.is-this', 'application/octet-stream'],
  ])('%s is %s', (name, expected) => {
    expect(mimeTypeOf(name)).toBe(expected)
    expect(mimeTypeSchema.parse(expected)).toBe(expected)
  })
})
