/** Port: what the first bytes of a file show. */

/** A type that was recognised, and the size of a picture in pixels as it is shown (after its orientation is applied). */
export interface Inspection {
  /** `undefined` when no known signature was found. */
  mimeType: string | undefined
  width: number | null
  height: number | null
}

export interface ContentInspector {
  /** Looks at the first bytes of a file (`INSPECTED_BYTES` of them, or all); never rejects because of what is in them. */
  inspect(head: Uint8Array): Promise<Inspection>
}

/** Enough for every signature, and for the dimensions in nearly every picture's header. */
export const INSPECTED_BYTES = 64 * 1024
