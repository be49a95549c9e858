/** Port: a file at a public address of the web. */

export interface OpenedSource {
  /** In bytes, as the server says; `undefined` when it does not. */
  size: number | undefined
  /** As the server says: no more than a declaration. */
  mimeType: string | undefined
  /** What the server, or else the address, calls the file. */
  name: string | undefined
  /**
   * As it comes, and only as fast as it is taken. Rejects with `IMPORT_FAILED` when it breaks off, stands still, or is not as
   * long as the server said.
   */
  body: AsyncIterable<Uint8Array>
  /** Ends the request; done as well when it has ended. */
  close(): Promise<void>
}

export interface HttpSource {
  /**
   * Asks for a file. Rejects with `IMPORT_ADDRESS_REFUSED` when the address, or one that it redirects to, is not a public one,
   * and with `IMPORT_FAILED` when it does not give a file.
   */
  open(url: string, signal: AbortSignal): Promise<OpenedSource>
  /** Ends every request that is under way. */
  close(): Promise<void>
}
