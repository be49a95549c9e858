/** An Asset Service that tests speak tus to, and what each of them asks of it. */
import { expect } from 'vitest'
import { createAssetServiceClient, type AssetServiceClient } from '@studio/asset-service/client'
import { createTestStudio, type TestStudio } from '@studio/asset-service/testing/test-studio'
import type { FileId } from '@studio/contracts/file'
import { readEnv } from '../src/env.ts'
import { openAssetService, startAssetServer, type RunningAssetServer } from '../src/start.ts'
import { createTestEnvironment, type Variables } from './test-environment.ts'
import { startTestIssuer, type TestIssuer } from './test-issuer.ts'
import { callTus, encodeMetadata, metadataFor, type TusAnswer, type TusCall } from './tus-client.ts'

export interface TusUnderTest {
  studio: TestStudio
  issuer: TestIssuer
  variables: Variables
  server: RunningAssetServer
  client: AssetServiceClient
  endpoint: string
  headers: Record<string, string>
  /** A POST to the endpoint, unless said otherwise. */
  call(options?: Partial<TusCall>): Promise<TusAnswer>
  /** Resolves to the address of a new upload of so many bytes. */
  create(size: number): Promise<string>
  patch(url: string, offset: number, sent: Pick<TusCall, 'body' | 'headers'>): Promise<TusAnswer>
  offsetOf(url: string): Promise<number>
  readBack(fileId: FileId): Promise<Uint8Array>
  /** What a reconciliation does that looks at everything, however new. */
  reconcile(): Promise<{ orphansRemoved: number; uploadsAborted: number; findings: number }>
  close(): Promise<void>
}

/** An hour's token: tests of large files take longer than a minute on a busy machine. */
export const tokenOf = (issuer: TestIssuer, studio: TestStudio): Promise<string> =>
  issuer.sign(studio.userId, { exp: Math.floor(Date.now() / 1000) + 3600 })

export async function readBack(client: AssetServiceClient, fileId: FileId): Promise<Uint8Array> {
  const { items } = await client.delivery.resolveUrls.query({ items: [{ fileId }] })
  const [item] = items
  if (item?.status !== 'ok') throw new Error(`no URL: ${JSON.stringify(item)}`)
  return new Uint8Array(await (await fetch(item.url)).arrayBuffer())
}

/** Removes nothing when all is well. */
export async function reconcileAll(variables: Variables) {
  const opened = await openAssetService(readEnv(variables), {
    onBackgroundError: (error) => {
      throw error
    },
  })
  try {
    const report = await opened.service.reconcile({ graceSeconds: -60 })
    if (report === undefined) throw new Error('this store can be listed')
    const { orphansRemoved, uploadsAborted, findings } = report
    return { orphansRemoved, uploadsAborted, findings }
  } finally {
    await opened.close()
  }
}

export async function startTusUnderTest(change: Variables = {}): Promise<TusUnderTest> {
  const issuer = await startTestIssuer()
  const studio = await createTestStudio()
  const variables = { ...(await createTestEnvironment(issuer)), ...change }
  const server = await startAssetServer(readEnv(variables))
  const token = await tokenOf(issuer, studio)
  const headers = { authorization: `Bearer ${token}` }
  const client = createAssetServiceClient({ url: server.url, headers: async () => headers })
  const endpoint = `${server.url}/tus`
  const call = (options: Partial<TusCall> = {}): Promise<TusAnswer> =>
    callTus({ method: 'POST', url: endpoint, token, ...options })
  return {
    studio,
    issuer,
    variables,
    server,
    client,
    endpoint,
    headers,
    call,
    async create(size) {
      const metadata = encodeMetadata(metadataFor(studio))
      const answer = await call({ headers: { 'upload-length': String(size), 'upload-metadata': metadata } })
      expect(answer.status, answer.body).toBe(201)
      return `${server.url}${answer.headers.location}`
    },
    patch: (url, offset, { body, headers: more = {} }) =>
      call({
        method: 'PATCH',
        url,
        ...(body === undefined ? {} : { body }),
        headers: { 'upload-offset': String(offset), ...more },
      }),
    async offsetOf(url) {
      const answer = await call({ method: 'HEAD', url })
      expect(answer.status).toBe(200)
      return Number(answer.headers['upload-offset'])
    },
    readBack: (fileId) => readBack(client, fileId),
    reconcile: () => reconcileAll(variables),
    async close() {
      await server.stop()
      await issuer.close()
    },
  }
}
