/** Finds a ZIP archive as its readers do: from the end of the file, whatever stands before it (APPNOTE.TXT, section 4.3.16). */

const END_RECORD = Buffer.from('PK\x05\x06', 'latin1')
const END_RECORD_BYTES = 22
const ENTRY = Buffer.from('PK\x01\x02', 'latin1')
/** Of one entry in the directory, without its name. */
const ENTRY_BYTES = 46
/** The real value stands in the record of ZIP64 (APPNOTE.TXT, section 4.3.14). */
const IN_ZIP64 = 0xff_ff_ff_ff

export interface ZipDirectory {
  /** The directory of its entries, as much of it as lies in the bytes that were looked at. */
  entries: Buffer
  /** Where the archive ends in these bytes: what follows is not part of it. */
  end: number
}

function readEndRecord(tail: Buffer, at: number): ZipDirectory | undefined {
  if (at + END_RECORD_BYTES > tail.length) return undefined
  const end = at + END_RECORD_BYTES + tail.readUInt16LE(at + 20)
  const [count, size] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12)]
  // Four bytes are there by chance in one of 65,000 files: the record has to make sense as well.
  if (end > tail.length || count === 0) return undefined
  if (size === IN_ZIP64) return { entries: tail.subarray(0, at), end }
  if (size < count * ENTRY_BYTES) return undefined
  if (size > at) return { entries: tail.subarray(0, at), end }
  const entries = tail.subarray(at - size, at)
  return entries.subarray(0, ENTRY.length).equals(ENTRY) ? { entries, end } : undefined
}

/** The last archive with entries in these last bytes of a file; `undefined` when there is none. */
export function findZipDirectory(tail: Buffer): ZipDirectory | undefined {
  for (
    let at = tail.lastIndexOf(END_RECORD);
    at >= 0;
    at = at === 0 ? -1 : tail.lastIndexOf(END_RECORD, at - 1)
  ) {
    const found = readEndRecord(tail, at)
    if (found !== undefined) return found
  }
  return undefined
}
