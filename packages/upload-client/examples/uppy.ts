import Uppy from '@uppy/core'
import type { UploadClient } from '@studio/upload-client/upload-client'
import { StudioUpload } from '@studio/upload-client/uppy'

export function openUppy(client: UploadClient): Uppy {
  return new Uppy().use(StudioUpload, { client, target: { projectId: 'project00000001' } })
}
