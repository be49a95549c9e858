/** How the conformance suites of signed URLs sign, send and alter requests. */
import type { SignedPut, SignGet } from '../ports/url-signer.ts'
import { newKey, sha256Of, type StoreUnderTest } from './store-under-test.ts'

/** How long the suites' URLs work. */
export const LIFE_SECONDS = 300
/** Stores refuse in different words. */
export const REFUSED = [400, 403, 411]
/** What is signed for reading, besides the key. */
export const readOptions = {
  expiresInSeconds: LIFE_SECONDS,
  mimeType: 'image/png',
  contentDisposition: `inline; filename="pr?sentation.png"; filename*=UTF-8''pr%C3%A9sentation%20%E6%9C%80%E7%B5%82%E7%89%88.png`,
  cacheControl: 'private, max-age=31536000, immutable',
} satisfies Omit<SignGet, 'key'>

/** Gives the store that is tried. */
export type Under = () => StoreUnderTest

/** Signs for these bytes and no others. */
export function signPutOf(under: Under, bytes: Uint8Array, key = newKey()): SignedPut {
  return under().opened.signer.signPut({
    key,
    expiresInSeconds: LIFE_SECONDS,
    mimeType: 'image/png',
    size: bytes.byteLength,
    sha256: sha256Of(bytes),
  })
}

/** Sends a request and reads its answer to the end. */
export async function send(under: Under, url: string, init: RequestInit = {}) {
  const response = await under().request(url, init)
  const { status, headers } = response
  return { status, headers, bytes: new Uint8Array(await response.arrayBuffer()) }
}

/** Sends these bytes to the URL that was signed, with the headers that were signed. */
export function putBytes(under: Under, signed: SignedPut, bytes: Uint8Array) {
  return send(under, signed.url, { method: 'PUT', body: bytes, headers: signed.headers })
}

/** Signs as if `secondsAgo` had been now. */
export function signedEarlier<T>(under: Under, secondsAgo: number, sign: () => T): T {
  under().setNow(() => new Date(Date.now() - secondsAgo * 1000))
  try {
    return sign()
  } finally {
    under().setNow(() => new Date())
  }
}

/** The URL with one thing about it changed, for every parameter and for the path. */
export function alterations(url: string): string[] {
  const names = [...new URL(url).searchParams.keys()]
  const alteredQueries = names.flatMap((name) => {
    const [longer, without] = [new URL(url), new URL(url)]
    longer.searchParams.set(name, `${longer.searchParams.get(name)}1`)
    without.searchParams.delete(name)
    return [longer.href, without.href]
  })
  const otherKey = new URL(url)
  otherKey.pathname += 'x'
  const bare = new URL(url)
  bare.search = ''
  return [...alteredQueries, otherKey.href, bare.href]
}
