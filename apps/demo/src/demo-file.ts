/** A file to be uploaded, wherever it comes from. */

export interface DemoFile {
  name: string
  mimeType: string
  source: Blob
}
