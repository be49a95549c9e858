/** What is shown, and what it is called. */
import { describe, expect, it } from 'vitest'
import { previewOf, typeName } from './describe-type.ts'

describe('previewOf', () => {
  it.each([
    ['image/png', 'image'],
    ['video/mp4', 'video'],
    ['audio/wav', 'audio'],
    ['text/plain', 'none'],
    ['application/pdf', 'none'],
  ])('shows %s as %s', (mimeType, preview) => {
    expect(previewOf(mimeType)).toBe(preview)
  })

  it.each(['image/svg+xml', 'image/tiff', 'text/html'])(
    'does not show %s, which is only ever an attachment',
    (type) => {
      expect(previewOf(type)).toBe('none')
    },
  )
})

describe('typeName', () => {
  it.each([
    ['image/jpeg', 'JPEG image'],
    ['image/webp', 'WebP image'],
    ['video/mp4', 'MP4 video'],
    ['audio/x-aiff', 'AIFF audio'],
    ['application/pdf', 'PDF document'],
    ['application/x-something', 'application/x-something'],
  ])('calls %s a %s', (mimeType, name) => {
    expect(typeName(mimeType)).toBe(name)
  })
})
