/** The BFF over HTTP: settings and a key in, a Fastify server out. */
import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import { createStudioServer, mountTrpc } from '@studio/trpc-server/fastify-server'
import type { ServiceFetch } from '@studio/trpc-server/service-fetch'
import { tusCors } from '@studio/trpc-server/tus-discovery'
import { createAssetServiceFiles } from './asset-service-files.ts'
import type { BffSettings } from './env.ts'
import { serveJwks } from './jwks.ts'
import { createPocketBaseRecords } from './pocketbase-records.ts'
import { createReadinessCheck } from './readiness.ts'
import { appRouter } from './router.ts'
import { serveRuntimeConfig } from './runtime-config.ts'
import { createServiceTokens } from './service-token.ts'
import { createSessions } from './session.ts'
import type { SigningKey } from './signing-key.ts'
import type { Caller } from './trpc.ts'
import { mountTusProxy } from './tus-proxy.ts'
import { createTargetDecisions, createUploadTargets } from './upload-target.ts'

export interface BffOptions {
  settings: BffSettings
  signingKey: SigningKey
  fetch: ServiceFetch
  /** Milliseconds. */
  now: () => number
}

/** A BFF that is ready to listen. It keeps nothing that another replica would need. */
export async function createBff(options: BffOptions): Promise<FastifyInstance> {
  const { settings, signingKey, fetch } = options
  const server = createStudioServer({
    logLevel: settings.logLevel,
    checkReady: createReadinessCheck({ ...settings, fetch }),
  })
  // Sessions are bearer tokens and not cookies, so that no origin but these can make a browser send one.
  await server.register(cors, tusCors(settings.allowedOrigins))
  serveJwks(server, signingKey)
  serveRuntimeConfig(server, settings)
  const findCaller = createCallers(options)
  mountTusProxy(server, {
    url: settings.assetServiceUrl,
    findSender: ({ headers, id }) => findCaller({ authorization: headers.authorization, requestId: id }),
  })
  mountTrpc(server, {
    router: appRouter,
    createContext: (request) => ({
      requestId: request.id,
      authenticate: () => findCaller({ authorization: request.headers.authorization, requestId: request.id }),
    }),
  })
  return server
}

type FindCaller = (request: { authorization: string | undefined; requestId: string }) => Promise<Caller>

/** Binds everything that is asked on behalf of a person to that person's session. */
function createCallers({ settings, signingKey, fetch, now }: BffOptions): FindCaller {
  const address = { url: settings.pocketbaseUrl, fetch }
  const sessions = createSessions({ address, now })
  const decisions = createTargetDecisions(now)
  const serviceTokens = createServiceTokens({ key: signingKey, issuer: settings.publicUrl, now })
  const filesFor = createAssetServiceFiles({ url: settings.assetServiceUrl, fetch })
  return async ({ authorization, requestId }) => {
    const { person, token, key, end } = await sessions.find(authorization)
    const serviceToken = (): Promise<string> => serviceTokens.tokenFor(person.id)
    const records = createPocketBaseRecords({ address, token, onSessionEnded: end })
    return {
      person,
      records,
      targets: createUploadTargets({ decisions, sessionKey: key, records }),
      serviceToken,
      files: filesFor({ requestId, token: serviceToken }),
    }
  }
}
