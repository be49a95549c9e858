/** A BFF for tests: the real server on a free port, with a clock that a test can turn. */
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  createTRPCClient,
  httpLink,
  isNonJsonSerializable,
  splitLink,
  TRPCClientError,
  type TRPCClient,
} from '@trpc/client'
import { readWireError } from '@studio/contracts/studio-error'
import type { WireError } from '@studio/contracts/error-code'
import { createServiceFetch } from '@studio/trpc-server/service-fetch'
import { readSettings } from '../src/env.ts'
import type { AppRouter } from '../src/router.ts'
import { createBff } from '../src/server.ts'
import { readSigningKey } from '../src/signing-key.ts'

/** Nothing listens here: port 9 is "discard" (RFC 863), which no test machine serves. */
export const NOBODY = 'http://127.0.0.1:9'

export interface TestBff {
  url: string
  /** The typed client of somebody with this token; of a guest without one. */
  as: (person?: { token: string }) => TRPCClient<AppRouter>
  /** What it was started with, for tests of what it keeps to itself. */
  environment: Readonly<Record<string, string>>
  privateJwk: JWK & { d: string }
  /** Lets time pass for the BFF. */
  pass: (milliseconds: number) => void
  close: () => Promise<void>
}

export interface TestBffOptions {
  pocketbaseUrl: string
  assetServiceUrl?: string
  /** Further environment variables. */
  environment?: Record<string, string>
  port?: number
  publicUrl?: string
}

/** Starts a BFF from an environment, as its process would. */
export async function startTestBff(options: TestBffOptions): Promise<TestBff> {
  const directory = await mkdtemp(path.join(tmpdir(), 'studio-test-bff-'))
  const signingKeyFile = path.join(directory, 'signing-key.json')
  const privateJwk = await createPrivateJwk()
  await writeFile(signingKeyFile, JSON.stringify(privateJwk), { mode: 0o600 })
  const environment = {
    BFF_PORT: String(options.port ?? 0),
    BFF_PUBLIC_URL: options.publicUrl ?? 'http://bff.studio.test',
    BFF_SIGNING_KEY_FILE: signingKeyFile,
    ASSET_SERVICE_URL: options.assetServiceUrl ?? NOBODY,
    POCKETBASE_URL: options.pocketbaseUrl,
    POCKETBASE_PUBLIC_URL: 'http://records.studio.test',
    LOG_LEVEL: 'silent',
    ...options.environment,
  }
  const settings = readSettings(environment)
  let offset = 0
  const signingKey = await readSigningKey(settings.signingKeyFile)
  const server = await createBff({
    settings,
    signingKey,
    fetch: createServiceFetch(),
    now: () => Date.now() + offset,
  })
  const url = await server.listen({ host: '127.0.0.1', port: settings.port })
  return {
    url,
    environment,
    privateJwk,
    as: (person) => createClient(url, person?.token),
    pass: (milliseconds) => {
      offset += milliseconds
    },
    close: async () => {
      await server.close()
      await rm(directory, { recursive: true })
    },
  }
}

async function createPrivateJwk(): Promise<JWK & { d: string }> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const { d = '', ...publicPart } = await exportJWK(privateKey)
  return { ...publicPart, d }
}

function createClient(url: string, token: string | undefined): TRPCClient<AppRouter> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => isNonJsonSerializable(operation.input),
        true: httpLink({ url: `${url}/trpc`, headers }),
        false: httpLink({ url: `${url}/trpc`, headers, methodOverride: 'POST' }),
      }),
    ],
  })
}

/** What a refused call said on the wire. Throws when the call was not refused, or not in Studio's words. */
export async function refusalOf(call: Promise<unknown>): Promise<WireError> {
  const outcome = await call.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  )
  if ('answer' in outcome) throw new Error(`Not refused: ${JSON.stringify(outcome.answer)}`)
  const wireError = readWireError(outcome.error)
  if (wireError === undefined || !(outcome.error instanceof TRPCClientError)) throw outcome.error
  return wireError
}
