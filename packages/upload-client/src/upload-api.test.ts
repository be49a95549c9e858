import { describe, expect, it } from 'vitest'
import type { FileId } from '@studio/contracts/file'
import { createInMemoryServer } from '../test/in-memory-server.ts'
import { uploadApiFromTrpc, type CallOptions, type TrpcUploadRoutes } from './upload-api.ts'

describe('uploadApiFromTrpc', () => {
  it('passes each call, its input and its signal on to the procedure of the same name', async () => {
    const { files } = createInMemoryServer(() => 'none')
    const heard: unknown[] = []
    const heardBy = <Input, Output>(
      name: string,
      call: (input: Input, options: CallOptions) => Promise<Output>,
    ) => ({
      mutate: (input: Input, options: CallOptions) => {
        heard.push([name, input, options])
        return call(input, options)
      },
    })
    const routes: TrpcUploadRoutes = {
      files: {
        begin: heardBy('begin', files.begin),
        uploadInline: heardBy('uploadInline', files.uploadInline),
        signParts: heardBy('signParts', files.signParts),
        listParts: { query: heardBy('listParts', files.listParts).mutate },
        complete: heardBy('complete', files.complete),
        abort: heardBy('abort', files.abort),
      },
    }
    const api = uploadApiFromTrpc(routes)
    const options = { signal: new AbortController().signal }
    const frame = Uint8Array.of(1)
    const reference = { fileId: 'abcdefghijklmno' as FileId }
    const input = {
      idempotencyKey: 'key-0001',
      name: 'a.txt',
      mimeType: 'text/plain',
      size: 1,
      sha256: 'a'.repeat(64),
      projectId: 'project00000001',
    }
    await expect(api.begin(input, options)).resolves.toMatchObject({ state: 'uploading' })
    await expect(api.uploadInline(frame, options)).rejects.toThrow()
    const parts = { ...reference, parts: [{ partNumber: 1, sha256: 'a'.repeat(64) }] }
    await expect(api.signParts(parts, options)).rejects.toHaveProperty('code', 'UPLOAD_NOT_FOUND')
    await expect(api.listParts(reference, options)).rejects.toHaveProperty('code', 'UPLOAD_NOT_FOUND')
    await expect(api.complete(reference, options)).rejects.toHaveProperty('code', 'UPLOAD_NOT_FOUND')
    await expect(api.abort(reference, options)).rejects.toHaveProperty('code', 'UPLOAD_NOT_FOUND')
    expect(heard).toEqual([
      ['begin', input, options],
      ['uploadInline', frame, options],
      ['signParts', parts, options],
      ['listParts', reference, options],
      ['complete', reference, options],
      ['abort', reference, options],
    ])
  })
})
