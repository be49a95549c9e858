/** How PocketBase names what one can subscribe to: a collection, or the part of it that a filter leaves. */

export interface Topic {
  collection: string
  /** In PocketBase's filter language; decided by the server before anything is sent. */
  filter?: string
}

/**
 * The subscription's name on the wire, as the SDK itself composes it (`RealtimeService.subscribe`). Composed here, so
 * that one subscription can be taken back exactly: the SDK takes back by topic or by the function that it returns, and
 * it returns none when the first connection fails.
 */
export function topicKey({ collection, filter }: Topic): string {
  if (filter === undefined) return `${collection}/*`
  return `${collection}/*?options=${encodeURIComponent(JSON.stringify({ query: { filter } }))}`
}
