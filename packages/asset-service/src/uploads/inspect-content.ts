/** Looks at the first and last bytes of a file that is to be stored, and decides what it is. */
import { StudioError } from '@studio/contracts/studio-error'
import { objectKey } from '../files/object-key.ts'
import { INSPECTED_BYTES, INSPECTED_TAIL_BYTES } from '../ports/content-inspector.ts'
import type { FileRow, ObservedContent } from '../ports/file-registry.ts'
import type { Ports } from '../ports/ports.ts'
import { observeContent } from './observe-content.ts'

/** Up to here one request brings both ends. */
const BOTH_ENDS_BYTES = INSPECTED_BYTES + INSPECTED_TAIL_BYTES

type Request = FileRow['request']

/** Both ends of a file: of a small one, both are all of it. */
interface Ends {
  head: Uint8Array
  tail: Uint8Array
}

function endsOf(bytes: Uint8Array): Ends {
  return {
    head: bytes.subarray(0, INSPECTED_BYTES),
    tail: bytes.subarray(Math.max(0, bytes.length - INSPECTED_TAIL_BYTES)),
  }
}

async function readEnds(ports: Ports, { fileId, request: { size } }: FileRow): Promise<Ends> {
  const read = async (start: number, end: number): Promise<Uint8Array> => {
    const bytes = await ports.store.readRange(objectKey(fileId), { start, end })
    if (bytes === undefined) throw new StudioError('UPLOAD_INCOMPLETE')
    return bytes
  }
  // A range of an empty object is not satisfiable (RFC 9110, section 14.1.2).
  if (size === 0) return endsOf(new Uint8Array())
  if (size <= BOTH_ENDS_BYTES) return endsOf(await read(0, size - 1))
  const [head, tail] = await Promise.all([
    read(0, INSPECTED_BYTES - 1),
    read(size - INSPECTED_TAIL_BYTES, size - 1),
  ])
  return { head, tail }
}

async function observe(ports: Ports, request: Request, { head, tail }: Ends): Promise<ObservedContent> {
  const inspection = await ports.inspector.inspect(head, tail)
  return observeContent({ request, head, inspection, polyglots: ports.polyglots })
}

/** What bytes in memory are. Throws what `observeContent` throws. */
export function inspectBytes(ports: Ports, request: Request, bytes: Uint8Array): Promise<ObservedContent> {
  return observe(ports, request, endsOf(bytes))
}

/** What the bytes in the store are. Throws `UPLOAD_INCOMPLETE` when there are none, and what `observeContent` throws. */
export async function inspectStored(ports: Ports, row: FileRow): Promise<ObservedContent> {
  return observe(ports, row.request, await readEnds(ports, row))
}
