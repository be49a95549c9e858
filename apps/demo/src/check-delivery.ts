/** Reads a file back as its reader would, and as somebody without permission would. */
import { hashStream, type StreamDigest } from './hash-stream.ts'

export interface DeliveryCheck {
  /** HTTP status of the signed URL. */
  urlStatus: number
  /** HTTP status of the same address without its signature. */
  anonymousStatus: number
  /** What is wrong, in words; empty when nothing is. */
  problems: string[]
}

/** Refusals that say "you may not", as opposed to "there is no such thing". */
const REFUSED: ReadonlySet<number> = new Set([401, 403])

/** Does the URL give exactly the bytes that were uploaded, and does it give them to those who have it only? */
export async function checkDelivery(url: string, uploaded: StreamDigest): Promise<DeliveryCheck> {
  const problems: string[] = []
  const response = await fetch(url)
  if (response.status !== 200) {
    problems.push(`its URL answers ${response.status}`)
    await response.body?.cancel()
  } else {
    const read = await hashStream(response.body ?? new Blob([]).stream())
    if (read.size !== uploaded.size) problems.push(`${read.size} bytes came back of ${uploaded.size}`)
    if (read.sha256 !== uploaded.sha256) problems.push('the bytes that came back are others')
  }
  const anonymousStatus = await statusWithout(url)
  if (!REFUSED.has(anonymousStatus)) problems.push(`read without permission, it answers ${anonymousStatus}`)
  return { urlStatus: response.status, anonymousStatus, problems }
}

/** Status of an address for somebody who has no signature for it. */
export async function statusWithout(url: string): Promise<number> {
  const bare = new URL(url)
  bare.search = ''
  const response = await fetch(bare)
  await response.body?.cancel()
  return response.status
}

/** What is wrong when the whole store can be listed without credentials; empty when it cannot. */
export async function checkStoreIsPrivate(storeUrl: string): Promise<string[]> {
  const status = await statusWithout(storeUrl)
  return REFUSED.has(status) ? [] : [`the object store lists what it has to anyone: it answers ${status}`]
}
