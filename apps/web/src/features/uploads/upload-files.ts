/** How this page uploads: the shared upload client over the page's own connection to the BFF. */
import { createUploadClient, type UploadClient } from '@studio/upload-client/upload-client'
import type { RuntimeConfig } from '@studio/contracts/runtime-config'
import type { AppRouter } from '@studio/bff/router'
import type { TRPCClient } from '@trpc/client'
import { ALONE } from '../../trpc.ts'

export interface UploadFilesOptions {
  client: TRPCClient<AppRouter>
  /** The PocketBase token of who is signed in. */
  readToken: () => string
  /** The configuration in force now: its limits may change while the page is open. */
  config: () => RuntimeConfig
}

/** Makes the upload client of the page. */
export function createPageUploadClient({
  client: { files },
  readToken,
  config,
}: UploadFilesOptions): Pick<UploadClient, 'createUpload'> {
  const calls = {
    begin: (input, { signal }) => files.begin.mutate(input, { signal, context: ALONE }),
    uploadInline: (frame, { signal }) => files.uploadInline.mutate(frame, { signal, context: ALONE }),
    signParts: (request, { signal }) => files.signParts.mutate(request, { signal, context: ALONE }),
    listParts: (reference, { signal }) => files.listParts.query(reference, { signal, context: ALONE }),
    complete: (request, { signal }) => files.complete.mutate(request, { signal, context: ALONE }),
    abort: (reference, { signal }) => files.abort.mutate(reference, { signal, context: ALONE }),
  } satisfies Parameters<typeof createUploadClient>[0]['files']
  return {
    createUpload(request) {
      const { inlineMaxBytes, fileMaxBytes } = config()
      const headers = () => ({ authorization: `Bearer ${readToken()}` })
      return createUploadClient({ files: calls, inlineMaxBytes, fileMaxBytes, headers }).createUpload(request)
    },
  }
}
