/** Port: what a store holds, for reconciliation. A separate capability: a store can do its work without being listed. */

/** An object as a listing shows it. Size in bytes. */
export interface ListedObject {
  key: string
  size: number
  /** S3 dates an object from parts by the beginning of its upload, so this may be long before it came to be. */
  lastModified: Date
}

export interface ListedMultipart {
  key: string
  multipartId: string
  initiatedAt: Date
}

export interface ListObjects {
  /** Compared byte by byte: one that ends with a slash matches no neighbour. */
  prefix: string
  /** How many at most a page has; the store's own limit when it is smaller, or absent. */
  pageSize?: number
}

/**
 * Lists in pages; what comes and goes meanwhile may or may not be there. A listing is old when it is read: whoever acts on
 * one looks again first. Both reject with `STORE_UNAVAILABLE` when the store does not answer.
 */
export interface ObjectListing {
  /** Objects in the order of their keys (bytewise). */
  objects(options: ListObjects): AsyncIterable<ListedObject[]>
  /** Multipart uploads that were neither assembled nor aborted; none where the store has no such thing. */
  multiparts(options: ListObjects): AsyncIterable<ListedMultipart[]>
}
