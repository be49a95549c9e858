import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '@studio/contracts/error-code'
import { sha256, type CallName, type Fault } from '../test/in-memory-server.ts'
import { INLINE_MAX, large, setUp, small, target } from '../test/one-piece-file.ts'
import type { UploadProgress } from './upload-progress.ts'

interface TroubleCase {
  trouble: string
  bytes: Uint8Array<ArrayBuffer>
  faults: Fault[]
  expected: CallName[]
}

describe('an upload', () => {
  it('sends a small file in one call, with everything that is known of it', async () => {
    const { upload, calls, onlyRow } = setUp()
    const file = await upload(small, { idempotencyKey: 'key-00000001' })
    expect(calls).toEqual(['uploadInline'])
    expect(file).toMatchObject({ name: 'a.bin', size: small.length, sha256: sha256(small) })
    expect(onlyRow()).toMatchObject({ state: 'ready', bytes: new Uint8Array(small) })
    expect(onlyRow()?.input).toEqual({
      ...target,
      idempotencyKey: 'key-00000001',
      name: 'a.bin',
      mimeType: 'image/png',
      size: small.length,
      sha256: sha256(small),
    })
  })

  it('sends a larger file to the store, between begin and complete', async () => {
    const { upload, calls, onlyRow } = setUp()
    const file = await upload(large)
    expect(calls).toEqual(['begin', 'put', 'complete'])
    expect(file.fileId).toBe(onlyRow()?.fileId)
    expect(onlyRow()).toMatchObject({ state: 'ready', bytes: new Uint8Array(large) })
  })

  it('stores an empty file', async () => {
    const { upload, calls } = setUp()
    expect(await upload(new Uint8Array(0))).toMatchObject({ size: 0, sha256: sha256(new Uint8Array(0)) })
    expect(calls).toEqual(['uploadInline'])
  })

  it('calls a file of unknown type octets, and makes a new valid key for each upload', async () => {
    const { upload, rows } = setUp()
    await upload(small, { mimeType: '' })
    await upload(small, { mimeType: '' })
    expect([...rows.values()].map(({ input }) => input.mimeType)).toEqual(
      Array(2).fill('application/octet-stream'),
    )
    for (const key of rows.keys()) expect(key).toMatch(/^[A-Za-z0-9_-]{8,128}$/)
  })

  it('reports hashing, uploading and finishing, each to its end', async () => {
    const { upload } = setUp()
    const seen: UploadProgress[] = []
    await upload(large, { onProgress: (progress) => seen.push(progress) })
    const total = large.length
    expect(seen).toEqual([
      { phase: 'hashing', loaded: 0, total },
      { phase: 'hashing', loaded: total, total },
      { phase: 'uploading', loaded: 0, total },
      { phase: 'uploading', loaded: total, total },
      { phase: 'finishing', loaded: total, total },
    ])
  })

  it('refuses a file over the limit before reading a byte of it', async () => {
    const { upload, calls } = setUp({ options: { fileMaxBytes: INLINE_MAX } })
    await expect(upload(small)).resolves.toBeDefined()
    await expect(upload(large)).rejects.toHaveProperty('code', 'FILE_TOO_LARGE')
    expect(calls).toEqual(['uploadInline'])
  })

  it('answers with the file that an earlier upload with the same key stored', async () => {
    const { upload, calls } = setUp()
    const first = await upload(large, { idempotencyKey: 'key-00000001' })
    expect(await upload(large, { idempotencyKey: 'key-00000001' })).toEqual(first)
    expect(calls).toEqual(['begin', 'put', 'complete', 'begin'])
  })

  it('rejects with the code of the server and does not ask again when the answer is final', async () => {
    const { upload, calls } = setUp()
    await upload(large, { idempotencyKey: 'key-00000001' })
    await expect(upload(small, { idempotencyKey: 'key-00000001' })).rejects.toMatchObject({
      name: 'StudioError',
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
    expect(calls).toEqual(['begin', 'put', 'complete', 'uploadInline'])
  })
})

describe('an upload in trouble', () => {
  it.each<TroubleCase>([
    {
      trouble: 'an inline upload that was not heard',
      bytes: small,
      faults: ['lost-request'],
      expected: ['uploadInline', 'uploadInline'],
    },
    {
      trouble: 'an inline upload whose answer was lost',
      bytes: small,
      faults: ['lost-answer'],
      expected: ['uploadInline', 'uploadInline'],
    },
    {
      trouble: 'a begin that was not heard',
      bytes: large,
      faults: ['lost-request'],
      expected: ['begin', 'begin', 'put', 'complete'],
    },
    {
      trouble: 'a begin whose answer was lost',
      bytes: large,
      faults: ['lost-answer'],
      expected: ['begin', 'begin', 'put', 'complete'],
    },
    {
      trouble: 'a server that is away for a moment',
      bytes: large,
      faults: ['unavailable'],
      expected: ['begin', 'begin', 'put', 'complete'],
    },
    {
      trouble: 'bytes whose answer was lost',
      bytes: large,
      faults: ['none', 'lost-answer'],
      expected: ['begin', 'put', 'complete'],
    },
    {
      trouble: 'bytes that did not arrive',
      bytes: large,
      faults: ['none', 'lost-request'],
      expected: ['begin', 'put', 'complete', 'begin', 'put', 'complete'],
    },
    {
      trouble: 'a URL that expired',
      bytes: large,
      faults: ['none', 'expired'],
      expected: ['begin', 'put', 'begin', 'put', 'complete'],
    },
    {
      trouble: 'a store that is busy',
      bytes: large,
      faults: ['none', 'unavailable'],
      expected: ['begin', 'put', 'begin', 'put', 'complete'],
    },
    {
      trouble: 'a complete that was not heard',
      bytes: large,
      faults: ['none', 'none', 'lost-request'],
      expected: ['begin', 'put', 'complete', 'complete'],
    },
    {
      trouble: 'a complete whose answer was lost',
      bytes: large,
      faults: ['none', 'none', 'lost-answer'],
      expected: ['begin', 'put', 'complete', 'complete'],
    },
  ])('gets over $trouble', async ({ bytes, faults, expected }) => {
    const { upload, calls, onlyRow } = setUp({ faults })
    const file = await upload(bytes)
    expect(calls).toEqual(expected)
    expect(file.sha256).toBe(sha256(bytes))
    expect(onlyRow()).toMatchObject({ state: 'ready', bytes: new Uint8Array(bytes) })
  })

  it('ends with CHECKSUM_MISMATCH when the store finds the bytes altered, and frees what was begun', async () => {
    const { upload, calls, onlyRow } = setUp({ faults: ['none', 'damaged'] })
    await expect(upload(large)).rejects.toMatchObject({ name: 'StudioError', code: 'CHECKSUM_MISMATCH' })
    expect(calls).toEqual(['begin', 'put', 'abort'])
    expect(onlyRow()).toMatchObject({ state: 'expired', bytes: undefined })
  })

  it('ends with SIZE_MISMATCH when the file can no longer be read', async () => {
    const source = new Blob([large])
    const unreadable = new DOMException('The blob could not be read', 'NotReadableError')
    source.arrayBuffer = () => Promise.reject(unreadable)
    const { upload, calls } = setUp()
    await expect(upload(large, { source })).rejects.toMatchObject({
      code: 'SIZE_MISMATCH',
      cause: unreadable,
    })
    expect(calls).toEqual([])
  })

  it('never takes confirmed bytes for a stored file', async () => {
    const faults: Fault[] = ['none', 'none', ...Array<Fault>(100).fill('unavailable')]
    const { upload, calls } = setUp({ faults })
    await expect(upload(large)).rejects.toHaveProperty('code', 'REGISTRY_UNAVAILABLE' satisfies ErrorCode)
    expect(calls.slice(0, 2)).toEqual(['begin', 'put'])
  })
})
