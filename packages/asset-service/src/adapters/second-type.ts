/** Recognises files that are two things at once: a picture to one program, an archive or a page to another. */
import { findZipDirectory } from './zip-directory.ts'

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

const ZIP_BEGINNINGS = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'].map(latin1)

/** Archives by a mark that they have at their beginning, and by one at their very end. */
const ARCHIVES = [
  { type: 'application/x-rar-compressed', begins: 'Rar!\x1a\x07', ends: '\x1d\x77\x56\x51\x03\x05\x04\x00' },
  { type: 'application/x-rar-compressed', begins: 'Rar!\x1a\x07\x00', ends: '\xc4\x3d\x7b\x00\x40\x07\x00' },
  { type: 'application/x-7z-compressed', begins: '7z\xbc\xaf\x27\x1c', ends: undefined },
].map(({ type, begins, ends }) => ({
  type,
  begins: latin1(begins),
  ends: ends === undefined ? ends : latin1(ends),
}))

/** What makes a browser that guesses, or a server that runs what it is given, take bytes for a page. */
const PAGE = /<(?:!doctype\s+html|html|head|body|script|iframe)[\s>]|<\?php\s/i

/** A PHP archive ends its stub with this (PHP manual, "What makes a phar a phar"). */
const PHAR = latin1('__HALT_COMPILER();')

/** Readers of PDF look for its header in the first 1,024 bytes (ISO 32000-1, implementation note 13). */
const PDF_HEADER_WITHIN = 1024

/** The first volume descriptor of a disc image (ECMA-119, section 6.2.1). */
const DISC_MARK_AT = 16 * 2048 + 1

interface Sample {
  /** As it was recognised by its beginning. */
  first: string | undefined
  head: Buffer
  tail: Buffer
}

/** Shown or played as they are, so that something else inside gets around what people expect of them. */
function isMedia(type: string | undefined): boolean {
  return type !== undefined && type !== 'image/svg+xml' && /^(?:image|video|audio|font)\//.test(type)
}

/** Formats that are no container for others' files: an archive at their end is not theirs. */
function isWhole({ first, head }: Sample): boolean {
  if (first === undefined) return !head.includes(0)
  return (
    isMedia(first) || first.startsWith('text/') || first === 'application/pdf' || first === 'image/svg+xml'
  )
}

function beginsAsZip(head: Buffer): boolean {
  return ZIP_BEGINNINGS.some((beginning) => head.subarray(0, beginning.length).equals(beginning))
}

/** Programs in an archive's clothes, by the entries that make them run. */
function programIn(entries: Buffer): string | undefined {
  if (entries.includes('AndroidManifest.xml')) return 'application/vnd.android.package-archive'
  if (entries.includes('META-INF/MANIFEST.MF')) return 'application/java-archive'
  return undefined
}

function zipIn(sample: Sample): string | undefined {
  const directory = findZipDirectory(sample.tail)
  if (directory === undefined) return undefined
  const program = programIn(directory.entries)
  if (program !== undefined) return program === sample.first ? undefined : program
  return isWhole(sample) && !beginsAsZip(sample.head) ? 'application/zip' : undefined
}

function archiveIn({ head, tail }: Sample): string | undefined {
  return ARCHIVES.find(
    ({ begins, ends }) =>
      head.includes(begins) ||
      tail.includes(begins) ||
      (ends !== undefined && tail.subarray(-ends.length).equals(ends)),
  )?.type
}

/**
 * What else the file is, by marks that other programs go by. An archive without a mark at its end, behind a picture of more than
 * the first bytes that are looked at, is not noticed.
 */
export function findSecondType(sample: Sample): string | undefined {
  const zip = zipIn(sample)
  if (zip !== undefined || !isMedia(sample.first)) return zip
  const { head, tail } = sample
  if (head.includes(PHAR) || tail.includes(PHAR)) return 'application/x-php-archive'
  if (PAGE.test(head.toString('latin1'))) return 'text/html'
  if (head.subarray(0, PDF_HEADER_WITHIN).includes('%PDF-')) return 'application/pdf'
  if (head.subarray(DISC_MARK_AT, DISC_MARK_AT + 5).equals(latin1('CD001')))
    return 'application/x-iso9660-image'
  return archiveIn(sample)
}

/** What follows an archive that begins the file: nothing, or bytes that are something of their own. */
export function findBehindZip({ head, tail }: Pick<Sample, 'head' | 'tail'>): Buffer | undefined {
  if (!beginsAsZip(head)) return undefined
  const directory = findZipDirectory(tail)
  if (directory === undefined || directory.end === tail.length) return undefined
  return tail.subarray(directory.end)
}
