/** Cleans up after uploads that were never finished: their rows and what their URLs may have brought. */
import type { Ports } from '../ports/ports.ts'
import { secondsFrom } from '../seconds-from.ts'
import { removeBytes } from './end-upload.ts'

const BATCH = 100

/** A PUT may start in its URL's last second and take long; and clocks differ. */
const WRITE_MARGIN_SECONDS = 60 * 60

/** Returns how many uploads were forgotten. Only rows in state `expired` are touched, and only their own objects. */
export async function expireUploads(ports: Ports): Promise<number> {
  const now = ports.now()
  await ports.expiredUploads.expireOverdue(now)
  const forgettable = await ports.expiredUploads.listForgettable(
    secondsFrom(now, -WRITE_MARGIN_SECONDS),
    BATCH,
  )
  for (const fileId of forgettable) {
    // `expired` is final, so what was true when the list was made is still true here.
    await removeBytes(ports, fileId)
    await ports.expiredUploads.forget(fileId)
  }
  await ports.tus.forgetSettled(now)
  return forgettable.length
}
