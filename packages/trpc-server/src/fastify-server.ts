/** The HTTP side that every Studio server shares: logs, request ids, body limits, health, and tRPC under `/trpc`. */
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { AnyRouter, TRPCError } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { HEADERS_MAX_BYTES, INLINE_MAX_BYTES, KIB, MIB } from '@studio/contracts/limits'
import { ERROR_CODES } from '@studio/contracts/error-code'
import { StudioError } from '@studio/contracts/studio-error'
import { createByteBudget } from './byte-budget.ts'
import { studioErrorOf, wireShape } from './error-shape.ts'
import { createLogDestination } from './log-destination.ts'
import { receivedRequest, signalOf } from './received-request.ts'

/** An inline upload is the bytes and, beside them, a request of a few KiB (names may be long). */
const BODY_MAX_BYTES = INLINE_MAX_BYTES + 128 * KIB

/** Of all large requests at once, for servers whose callers may send slowly. */
const ROOM_BYTES = 64 * MIB
/** What a request takes beside its body. */
const REQUEST_BYTES = 128 * KIB
/** The largest body comes in this time over the slowest line that is any use; who sends slower makes room. */
const BODY_WITHIN_MS = 60_000
/** Below what callers wait for an answer, so that they hear the reason. */
const BODIES_WAIT_MS = 20_000
/** Smaller bodies are not worth counting. */
const SMALL_BODY_BYTES = 8 * KIB
const RETRY_AFTER_SECONDS = 1

const REQUEST_ID_HEADER = 'x-request-id'
const REQUEST_ID = /^[A-Za-z0-9_-]{1,64}$/

/** Fastify writes one line when a request comes and one when it is answered; each is a write to the log. */
class OneLineARequest extends LogController {
  override incomingRequest(): void {}
  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const line = { req: request, res: reply, responseTime: reply.elapsedTime }
    if (error) reply.log.error({ ...line, err: error }, 'request errored')
    else reply.log.info(line, 'request completed')
  }
}

export interface StudioServerOptions {
  logLevel: string
  /** Rejects while something this server needs does not answer. */
  checkReady: () => Promise<void>
}

/** A Fastify instance with `/healthz` (alive), `/readyz` (dependencies answer) and bodies limited and kept as bytes. */
export function createStudioServer(options: StudioServerOptions): FastifyInstance {
  const server = Fastify({
    logger: { level: options.logLevel, stream: createLogDestination() },
    logController: new OneLineARequest(),
    bodyLimit: BODY_MAX_BYTES,
    // Names may be long, and with tus they are headers.
    http: { maxHeaderSize: HEADERS_MAX_BYTES },
    // tRPC's batching link puts many procedure names into one path.
    routerOptions: { maxParamLength: 5_000 },
    requestIdHeader: false,
    genReqId: (request) => acceptRequestId(request.headers[REQUEST_ID_HEADER]),
  })
  // As bytes, so that Fastify counts them: a body without a Content-Length is limited like any other.
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  server.addHook('onRequest', async (request, reply) => {
    reply.header(REQUEST_ID_HEADER, request.id).header('x-content-type-options', 'nosniff')
  })
  server.setErrorHandler<FastifyError | StudioError>((thrown, request, reply) => {
    const error = errorBeforeTrpc(thrown)
    const { status } = ERROR_CODES[error.code]
    if (error.code === 'BUSY') reply.header('retry-after', RETRY_AFTER_SECONDS)
    else if (status >= 500) request.log.error({ err: thrown }, error.code)
    return reply.code(status).send({ error: wireShape(error, request.id) })
  })
  server.get('/healthz', async () => ({ status: 'ok' }))
  server.get('/readyz', async (request, reply) => {
    try {
      await options.checkReady()
      return { status: 'ready' }
    } catch (error) {
      request.log.warn({ err: error }, 'not ready')
      return reply.code(503).send({ status: 'unavailable' })
    }
  })
  return server
}

/** What is refused before tRPC is reached: no room for the body now, a body over the limit, a header it cannot read. */
function errorBeforeTrpc(thrown: FastifyError | StudioError): StudioError {
  if (thrown instanceof StudioError) return thrown
  if (thrown.statusCode === 413) return new StudioError('FILE_TOO_LARGE', { cause: thrown })
  const isCallers = thrown.statusCode !== undefined && thrown.statusCode < 500
  return new StudioError(isCallers ? 'VALIDATION_FAILED' : 'INTERNAL', { cause: thrown })
}

/** A caller's request id is kept when it is harmless in a log line, so that one id runs through all servers. */
function acceptRequestId(header: string | string[] | undefined): string {
  return typeof header === 'string' && REQUEST_ID.test(header) ? header : crypto.randomUUID()
}

/** An answer that is complete goes out in one write with its length; streaming links' answers go out as they come. */
async function sendAnswer(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  const isStream =
    response.headers.has('transfer-encoding') || response.headers.get('content-type') !== 'application/json'
  if (isStream) return reply.send(response)
  reply.code(response.status).headers(Object.fromEntries(response.headers))
  return reply.send(await response.text())
}

export interface TrpcMount<Router extends AnyRouter> {
  router: Router
  /** How much all large requests may take at once; few are enough where callers are quick and memory counts. */
  roomBytes?: number
  createContext: (request: FastifyRequest) => Router['_def']['_config']['$types']['ctx']
}

/** How much room a body needs: a length that is not told may become the largest. */
function bodyBytes({ headers, method }: FastifyRequest): number {
  const told = headers['content-length']
  if (told !== undefined) return Math.min(Number(told), BODY_MAX_BYTES)
  return headers['transfer-encoding'] === undefined || method === 'GET' ? 0 : BODY_MAX_BYTES
}

/** Serves a tRPC router under `/trpc`. Large bodies wait unread until there is room for them. */
export function mountTrpc<Router extends AnyRouter>(server: FastifyInstance, mount: TrpcMount<Router>): void {
  const budget = createByteBudget({ bytes: mount.roomBytes ?? ROOM_BYTES, waitMs: BODIES_WAIT_MS })
  const takeRoom = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const bytes = bodyBytes(request)
    if (bytes <= SMALL_BODY_BYTES) return
    const giveBack = await budget.take(bytes + REQUEST_BYTES, signalOf(reply))
    const timer = setTimeout(() => {
      if (!request.raw.complete) request.raw.destroy()
    }, BODY_WITHIN_MS)
    const leave = () => {
      clearTimeout(timer)
      giveBack()
    }
    if (reply.raw.closed) leave()
    else reply.raw.once('close', leave)
  }
  server.all('/trpc/*', { preParsing: takeRoom }, async (request, reply) => {
    const signal = signalOf(reply)
    const response = await fetchRequestHandler({
      endpoint: '/trpc',
      req: receivedRequest(request, signal),
      router: mount.router,
      // Queries travel as POST where their input would not fit into a URL.
      allowMethodOverride: true,
      createContext: () => mount.createContext(request),
      onError: ({ error, path }) => {
        // Whoever went away caused what failed after that, and hears nothing of it.
        if (!signal.aborted) logTrpcError(request.log, error, path)
      },
    })
    return sendAnswer(reply, response)
  })
}

/** What is our fault is an error with its cause; what is the caller's is a line. */
function logTrpcError(log: FastifyBaseLogger, error: TRPCError, path: string | undefined): void {
  const studioError = studioErrorOf(error)
  const { status } = ERROR_CODES[studioError.code]
  if (status >= 500) log.error({ err: studioError, cause: studioError.cause, path }, studioError.code)
  else log.info({ code: studioError.code, path }, 'refused')
}
