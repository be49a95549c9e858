/** A file of noise, of any size, that the page and the test can each make for themselves: no two places in it are alike. */
import { createCipheriv, createHash } from 'node:crypto'
import type { Page } from '@playwright/test'

export interface NoiseFile {
  readonly name: string
  readonly size: number
}

/** AES in counter mode over zeros (NIST SP 800-38A, section 6.5): as fast as the machine, and the same everywhere. */
const KEY_BYTES = 16
const BLOCK_BYTES = 16
const CHUNK_BYTES = 16 * 1024 * 1024

/** Writes it into this browser's own file system; see kept-files.ts. */
export async function writeNoiseFile(page: Page, file: NoiseFile): Promise<void> {
  await page.evaluate(
    async ({ name, size, keyBytes, blockBytes, chunkBytes }) => {
      const key = await crypto.subtle.importKey('raw', new Uint8Array(keyBytes), 'AES-CTR', false, [
        'encrypt',
      ])
      const zeros = new Uint8Array(chunkBytes)
      const root = await navigator.storage.getDirectory()
      const stream = await (await root.getFileHandle(name, { create: true })).createWritable()
      for (let written = 0; written < size; written += chunkBytes) {
        const counter = new DataView(new ArrayBuffer(blockBytes))
        counter.setBigUint64(blockBytes - 8, BigInt(written / blockBytes))
        const chunk = zeros.subarray(0, Math.min(chunkBytes, size - written))
        await stream.write(await crypto.subtle.encrypt({ name: 'AES-CTR', counter, length: 64 }, key, chunk))
      }
      await stream.close()
    },
    { ...file, keyBytes: KEY_BYTES, blockBytes: BLOCK_BYTES, chunkBytes: CHUNK_BYTES },
  )
}

/** The SHA-256 of such a file, in hexadecimal. */
export function noiseSha256({ size }: NoiseFile): string {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(KEY_BYTES), Buffer.alloc(BLOCK_BYTES))
  const hash = createHash('sha256')
  const zeros = Buffer.alloc(CHUNK_BYTES)
  for (let made = 0; made < size; made += CHUNK_BYTES) {
    hash.update(cipher.update(zeros.subarray(0, Math.min(CHUNK_BYTES, size - made))))
  }
  return hash.digest('hex')
}
