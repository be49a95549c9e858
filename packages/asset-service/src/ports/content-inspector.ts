/** Port: what the first and the last bytes of a file show. */

/** A type that was recognised, and the size of a picture in pixels as it is shown (after its orientation is applied). */
export interface Inspection {
  /** `undefined` when no known signature was found. */
  mimeType: string | undefined
  width: number | null
  height: number | null
  /** What the bytes are as well, to a program that looks elsewhere in them; absent for most files. */
  secondType?: string | undefined
}

export interface ContentInspector {
  /**
   * Looks at the first bytes of a file (`INSPECTED_BYTES` of them, or all) and at its last (`INSPECTED_TAIL_BYTES`, or all; the
   * first when left out); never rejects because of what is in them.
   */
  inspect(head: Uint8Array, tail?: Uint8Array): Promise<Inspection>
}

/** Enough for every signature, and for the dimensions in nearly every picture's header. */
export const INSPECTED_BYTES = 64 * 1024

/** A ZIP archive is found by a record in these: 22 bytes, and a comment of at most 65,535 (APPNOTE.TXT, section 4.3.16). */
export const INSPECTED_TAIL_BYTES = 22 + 65_535
