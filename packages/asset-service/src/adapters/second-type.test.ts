/** A corpus of files that are two things at once, and of honest ones that only look a little like it. */
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { INSPECTED_BYTES, INSPECTED_TAIL_BYTES } from '../ports/content-inspector.ts'
import { createContentInspector } from './signature-content-inspector.ts'

const inspector = createContentInspector()
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
const join = (...parts: (Buffer | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? latin1(part) : part)))

/** Both ends of a file as the service reads them. */
const inspect = (bytes: Buffer) =>
  inspector.inspect(bytes.subarray(0, INSPECTED_BYTES), bytes.subarray(-INSPECTED_TAIL_BYTES))

function u16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  values.forEach((value, index) => bytes.writeUInt16LE(value, index * 2))
  return bytes
}
function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => bytes.writeUInt32LE(value, index * 4))
  return bytes
}

/** A ZIP archive with one stored entry, as `zip -0` writes it; checksums are not looked at. */
function zip(name: string, { content = 'stored', comment = '' } = {}): Buffer {
  const sizes = join(u32(0, content.length, content.length), u16(name.length, 0))
  const local = join('PK\x03\x04', u16(20, 0, 0, 0, 0), sizes, name, content)
  const entry = join('PK\x01\x02', u16(20, 20, 0, 0, 0, 0), sizes, u16(0, 0, 0), u32(0, 0), name)
  const end = join(
    'PK\x05\x06',
    u16(0, 0, 1, 1),
    u32(entry.length, local.length),
    u16(comment.length),
    comment,
  )
  return join(local, entry, end)
}

const noise = (length: number): Buffer => {
  const bytes = Buffer.alloc(length)
  // Numerical Recipes' generator: the same noise in every run, with every byte value in it.
  for (let index = 0, state = 1; index < length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[index] = state >>> 24
  }
  return bytes
}

const drawing = sharp({ create: { width: 3, height: 2, channels: 3, background: 'red' } })
const PNG = await drawing.clone().png().toBuffer()
const JPEG = await drawing.clone().jpeg().toBuffer()
const GIF = await drawing.clone().gif().toBuffer()
const WEBP = await drawing.clone().webp().toBuffer()
const LARGE_JPEG = join(JPEG, noise(300_000))
const PDF = latin1('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n')
const ARCHIVE = zip('notes.txt')
const JAR = zip('META-INF/MANIFEST.MF')
/** A comment segment right behind the start of a JPEG (ITU-T T.81, section B.2.4.5). */
const jpegWithComment = (text: string): Buffer => {
  const length = Buffer.from([0xff, 0xfe, (text.length + 2) >> 8, (text.length + 2) & 0xff])
  return join(JPEG.subarray(0, 2), length, text, JPEG.subarray(2))
}

describe('two things at once', () => {
  test.each<[string, string, string, Buffer]>([
    ['a GIF with a ZIP behind it', 'image/gif', 'application/zip', join(GIF, ARCHIVE)],
    ['a JPEG with a ZIP behind it', 'image/jpeg', 'application/zip', join(JPEG, ARCHIVE)],
    ['a PNG with a ZIP behind it', 'image/png', 'application/zip', join(PNG, ARCHIVE)],
    ['a WebP with a ZIP behind it', 'image/webp', 'application/zip', join(WEBP, ARCHIVE)],
    [
      'a large JPEG with a ZIP far behind its head',
      'image/jpeg',
      'application/zip',
      join(LARGE_JPEG, ARCHIVE),
    ],
    [
      'a JPEG with a ZIP whose comment is as long as can be',
      'image/jpeg',
      'application/zip',
      join(LARGE_JPEG, zip('a', { comment: '.'.repeat(65_535 - 60) })),
    ],
    [
      'a JPEG with a ZIP and some bytes after that',
      'image/jpeg',
      'application/zip',
      join(JPEG, ARCHIVE, '\0\0'),
    ],
    ['a PDF with a ZIP behind it', 'application/pdf', 'application/zip', join(PDF, ARCHIVE)],
    ['a GIF that is a Java archive', 'image/gif', 'application/java-archive', join(GIF, JAR)],
    [
      'a PNG that is an Android package',
      'image/png',
      'application/vnd.android.package-archive',
      join(PNG, zip('AndroidManifest.xml')),
    ],
    [
      'a JPEG that is a PHP archive',
      'image/jpeg',
      'application/x-php-archive',
      jpegWithComment('<?php __HALT_COMPILER(); ?>'),
    ],
    ['a GIF with a page in its head', 'image/gif', 'text/html', join(GIF, '<script>alert(1)</script>')],
    ['a JPEG with a page in a comment', 'image/jpeg', 'text/html', jpegWithComment('<HTML><body onload=x>')],
    [
      'a JPEG with PHP in a comment',
      'image/jpeg',
      'text/html',
      jpegWithComment('<?php system($_GET[0]); ?>'),
    ],
    ['a JPEG with a PDF in a comment', 'image/jpeg', 'application/pdf', jpegWithComment('%PDF-1.7\n')],
    [
      'a PNG with a RAR behind it',
      'image/png',
      'application/x-rar-compressed',
      join(PNG, 'Rar!\x1a\x07\x01\x00…'),
    ],
    [
      'a large JPEG with a RAR that ends it',
      'image/jpeg',
      'application/x-rar-compressed',
      join(LARGE_JPEG, noise(100_000), '\x1d\x77\x56\x51\x03\x05\x04\x00'),
    ],
    [
      'a PNG with a 7z behind it',
      'image/png',
      'application/x-7z-compressed',
      join(PNG, '7z\xbc\xaf\x27\x1c'),
    ],
    [
      'a JPEG that is a disc image',
      'image/jpeg',
      'application/x-iso9660-image',
      join(JPEG, Buffer.alloc(32_769 - JPEG.length), 'CD001'),
    ],
    ['a ZIP with a PNG behind it', 'application/zip', 'image/png', join(ARCHIVE, PNG)],
    ['a ZIP with a PDF behind it', 'application/zip', 'application/pdf', join(ARCHIVE, PDF)],
    [
      'a ZIP with an entry far behind that makes it a Java archive',
      'application/zip',
      'application/java-archive',
      join(zip('a', { content: noise(70_000).toString('latin1') }).subarray(0, 70_000), JAR),
    ],
  ])('are noticed: %s', async (...[, mimeType, secondType, bytes]) => {
    expect(await inspect(bytes)).toMatchObject({ mimeType, secondType })
  })

  test('are noticed: words with an archive behind them', async () => {
    const inspection = await inspect(join('#'.repeat(70_000), ARCHIVE))
    expect(inspection).toMatchObject({ mimeType: undefined, secondType: 'application/zip' })
  })
})

describe('one thing', () => {
  test.each<[string, Buffer]>([
    ['a PNG', PNG],
    ['a JPEG', JPEG],
    ['a GIF', GIF],
    ['a WebP', WEBP],
    ['a large JPEG', LARGE_JPEG],
    ['a JPEG with words in a comment', jpegWithComment('a < b, <x:xmpmeta> and headless <bodywork')],
    ['a picture with the mark of an archive and no archive', join(PNG, 'PK\x05\x06', Buffer.alloc(18))],
    ['a picture that ends in the mark of an archive', join(PNG, 'PK\x05\x06')],
    ['a PDF', PDF],
    ['a ZIP', ARCHIVE],
    ['a ZIP with a comment', zip('a', { comment: 'made by hand' })],
    ['a ZIP with padding', join(ARCHIVE, Buffer.alloc(512))],
    ['an unknown format that keeps an archive', join('STUDIO\0', noise(1000), ARCHIVE)],
    ['a page', latin1('<!doctype html><html><script>1</script></html>')],
    ['a drawing with a script', latin1('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')],
    ['nothing', Buffer.alloc(0)],
  ])('is not taken for two: %s', async (_name, bytes) => {
    expect((await inspect(bytes)).secondType).toBeUndefined()
  })

  test('is not taken for two, whatever noise stands in it', async () => {
    for (const picture of [PNG, JPEG, GIF, WEBP]) {
      expect((await inspect(join(picture, noise(2_000_000)))).secondType).toBeUndefined()
    }
  })
})

test('a Windows installer is a program, not a document', async () => {
  const header = Buffer.alloc(2048)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header)
  header.writeUInt16LE(9, 30)
  header.writeUInt32LE(1, 48)
  expect(await inspect(header)).toMatchObject({ mimeType: 'application/x-cfb' })
  Buffer.from('84100c0000000000c000000000000046', 'hex').copy(header, 1024 + 80)
  expect(await inspect(header)).toMatchObject({ mimeType: 'application/x-msi' })
})

test('hostile marks in great number do not make the look last', async () => {
  const started = performance.now()
  for (const unit of ['PK\x05\x06', 'PK\x05\x06\0\0\0\0\x01\0\x01\0', '<script', '<?php', 'Rar!']) {
    const filler = latin1(unit.repeat(Math.ceil(INSPECTED_BYTES / unit.length)))
    await inspect(join(PNG, filler, filler))
  }
  expect(performance.now() - started).toBeLessThan(2000)
})
