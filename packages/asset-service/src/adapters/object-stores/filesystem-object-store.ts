/** Keeps objects in a directory, for development where there is no S3 server; the Asset Service serves its URLs itself. */
import { createHash, randomUUID } from 'node:crypto'
import path from 'node:path'
import { z } from 'zod'
import type { ObjectEndpoint, ObjectStore, OpenedObjectStore } from '../../ports/object-store.ts'
import { assertByteRange } from '../byte-range.ts'
import { createFilesystemEndpoint } from '../filesystem-endpoint.ts'
import { createFilesystemListing } from '../filesystem-object-listing.ts'
import { createObjectFiles, type ObjectFiles } from '../filesystem-object-files.ts'
import { createHmacUrls } from '../hmac-url-signer.ts'

const settingsSchema = z.object({
  FILESYSTEM_DIRECTORY: z.string().min(1),
  /** A key shorter than the digest weakens it (RFC 2104, section 3). */
  FILESYSTEM_SIGNING_SECRET: z.string().min(32),
  FILESYSTEM_PUBLIC_URL: z.url({ protocol: /^https?$/ }),
})

const PREFIX = '/objects'
/** Prefix of the objects that `allowsAnonymousAccess` makes and removes; no file's key begins with it. */
const PROBE_PREFIX = '.studio-probe/'

interface Parts {
  files: ObjectFiles
  endpoint: ObjectEndpoint
  /** Filled by `prepare`, read by the endpoint. */
  allowedOrigins: Set<string>
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Asks the endpoint as a stranger would; the file modes are the system's part. */
async function isOpenToStrangers(endpoint: ObjectEndpoint, key: string): Promise<boolean> {
  const urls = [`http://localhost${PREFIX}/${key}`, `http://localhost${PREFIX}/`]
  const responses = await Promise.all(urls.map((url) => endpoint.handle(new Request(url))))
  await Promise.all(responses.map((response) => response.body?.cancel()))
  return responses.some((response) => response.status < 400)
}

function createStore({ files, endpoint, allowedOrigins }: Parts): ObjectStore {
  const store: ObjectStore = {
    async prepare(options) {
      await files.prepare()
      allowedOrigins.clear()
      for (const origin of options.allowedOrigins) allowedOrigins.add(origin)
    },

    async allowsAnonymousAccess() {
      const key = `${PROBE_PREFIX}${randomUUID()}`
      const bytes = Buffer.from('Nobody should be able to read this without a signature.')
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      await store.put({ key, bytes, mimeType: 'text/plain', sha256 })
      try {
        return await isOpenToStrangers(endpoint, key)
      } finally {
        await store.delete(key)
      }
    },

    async put({ key, bytes, sha256 }) {
      await files.write({ key, size: bytes.byteLength, sha256 }, once(bytes))
    },

    async head(key) {
      const object = await files.open(key)
      if (object === undefined) return undefined
      await object.close()
      return { size: object.size, sha256: object.sha256 }
    },

    async readRange(key, range) {
      assertByteRange(range)
      const object = await files.open(key)
      if (object === undefined) return undefined
      const end = Math.min(range.end, object.size - 1)
      // A range that begins behind the last byte has no bytes.
      const start = Math.min(range.start, end + 1)
      return object.read({ start, end })
    },

    async copy({ from, to }) {
      const object = await files.open(from)
      if (object === undefined) return false
      const { size, sha256 } = object
      await files.write({ key: to, size, sha256 }, object.stream({ start: 0, end: size - 1 }))
      return true
    },

    delete: (key) => files.delete(key),
    ping: () => files.ping(),
  }
  return store
}

/** Opens the store that these settings name; nothing is touched before its first method is called. */
export function open(
  settings: Readonly<Record<string, string | undefined>>,
  now: () => Date = () => new Date(),
): OpenedObjectStore {
  const parsed = settingsSchema.parse(settings)
  const files = createObjectFiles(path.resolve(parsed.FILESYSTEM_DIRECTORY))
  const urls = createHmacUrls({
    publicUrl: parsed.FILESYSTEM_PUBLIC_URL,
    prefix: PREFIX,
    secret: parsed.FILESYSTEM_SIGNING_SECRET,
    now,
  })
  const allowedOrigins = new Set<string>()
  const endpoint = createFilesystemEndpoint({ prefix: PREFIX, files, urls, allowedOrigins })
  return {
    store: createStore({ files, endpoint, allowedOrigins }),
    signer: urls.signer,
    listing: createFilesystemListing(files),
    endpoint,
    close: async () => {},
  }
}
