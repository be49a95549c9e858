/** SHA-256 of a stream, by Node and not by the upload client: whoever checks should not use what is checked. */
import { createHash } from 'node:crypto'

export interface StreamDigest {
  size: number
  sha256: string
}

export async function hashStream(stream: ReadableStream<Uint8Array>): Promise<StreamDigest> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of stream) {
    hash.update(chunk)
    size += chunk.length
  }
  return { size, sha256: hash.digest('hex') }
}
