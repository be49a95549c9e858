import { uploadApiFromTrpc, type TrpcUploadRoutes } from '@studio/upload-client/upload-api'
import { createUploadClient, type Upload, type UploadClient } from '@studio/upload-client/upload-client'

/** `trpc`: a tRPC client with the BFF's `files` procedures. The limits come from the runtime configuration. */
export function openUploads(trpc: TrpcUploadRoutes, token: () => string): UploadClient {
  return createUploadClient({
    files: uploadApiFromTrpc(trpc),
    inlineMaxBytes: 1024 * 1024,
    // For deployments that relay bytes (tus): who asks.
    headers: () => ({ authorization: `Bearer ${token()}` }),
  })
}

export function uploadDropped(client: UploadClient, file: File, show: (words: string) => void): Upload {
  const upload = client.createUpload({
    source: file,
    name: file.name,
    mimeType: file.type,
    target: { projectId: 'project00000001', cardId: 'card00000000001' },
    onProgress: ({ phase, loaded, total }) => show(`${phase} ${Math.floor((100 * loaded) / (total || 1))} %`),
    onWaiting: (reason) => show(reason === undefined ? 'Going on' : `Waiting: ${reason.message}`),
  })
  upload.done.then(
    ({ fileId }) => show(`Stored as ${fileId}`),
    (error: Error) => show(error.message),
  )
  return upload
}
