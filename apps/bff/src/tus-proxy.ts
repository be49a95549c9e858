/** tus on the BFF's origin: asks whether the person may put a file there, and passes bytes on as they come. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  request as startHttp,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http'
import { request as startHttps } from 'node:https'
import { pipeline } from 'node:stream'
import { HEADERS_MAX_BYTES } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import {
  parseUploadMetadata,
  TUS_ANSWER_HEADERS,
  TUS_METHODS,
  TUS_REQUEST_HEADERS,
  TUS_ROUTES,
  tusMethodOf,
  uploadTargetOf,
} from '@studio/contracts/tus'
import { lingerThenClose, withStreamedBodies } from '@studio/trpc-server/streamed-bodies'
import { serveTusDiscovery } from '@studio/trpc-server/tus-discovery'
import type { UploadTargets } from './upload-target.ts'

/** Who sends, as far as this proxy needs to know. */
export interface TusSender {
  targets: UploadTargets
  /** A token for the Asset Service that names the person. */
  serviceToken: () => Promise<string>
}

export interface TusProxyOptions {
  /** Address of the Asset Service. */
  url: string
  /** Rejects with `UNAUTHENTICATED`. */
  findSender: (request: FastifyRequest) => Promise<TusSender>
}

/** Headers of a body that are passed on beside the protocol's own. */
const BODY_HEADERS = ['content-type', 'content-length'] as const
/** Of an answer; no more, so that nothing of the Asset Service shows by accident. */
const PASSED_BACK = [...TUS_ANSWER_HEADERS, ...BODY_HEADERS, 'cache-control'] as const

/** A new upload needs the person's right to its place; any other request is about an upload of the person's own. */
async function authorise({ targets }: TusSender, request: FastifyRequest): Promise<void> {
  const override = firstOf(request.headers['x-http-method-override'])
  if (tusMethodOf(request.method, override) !== 'POST') return
  const metadata = parseUploadMetadata(firstOf(request.headers['upload-metadata']))
  await targets.require(uploadTargetOf(metadata))
}

const firstOf = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value

function pick(headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = firstOf(headers[name])
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** Streams the request on; the answer's head may come before the body has ended. */
function passOn(request: FastifyRequest, upstream: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    upstream.once('response', (answer) => {
      answer.once('error', () => upstream.destroy())
      resolve(answer)
    })
    upstream.once('error', (cause) => {
      // The client's own leaving breaks the request too, and is nobody's failure.
      reject(new StudioError(request.raw.destroyed ? 'UPLOAD_INCOMPLETE' : 'REGISTRY_UNAVAILABLE', { cause }))
    })
    // Ends the request upstream when the client goes away, whose bytes so far are kept there. An answer that comes early
    // ends it the other way round: then the body has nowhere to go, and the answer is what counts.
    pipeline(request.raw, upstream, () => undefined)
  })
}

async function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: IncomingMessage,
): Promise<FastifyReply> {
  const status = answer.statusCode ?? 502
  // That our own token was refused is our fault, and not the end of the person's session.
  if (status === 401) {
    answer.resume()
    throw new StudioError('INTERNAL', { cause: 'the Asset Service refused our token' })
  }
  if (status >= 400) lingerThenClose(request)
  reply.code(status).headers(pick(answer.headers, PASSED_BACK))
  return reply.send(answer)
}

/** Serves tus; nothing of a body is kept here but what is on its way. */
export function mountTusProxy(server: FastifyInstance, { url, findSender }: TusProxyOptions): void {
  const start = url.startsWith('https:') ? startHttps : startHttp
  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    try {
      const sender = await findSender(request)
      await authorise(sender, request)
      const upstream = start(new URL(request.url, url), {
        method: request.method,
        // A kept connection may have ended unnoticed, and a body cannot be sent twice.
        agent: false,
        maxHeaderSize: HEADERS_MAX_BYTES,
        headers: {
          ...pick(request.headers, [...TUS_REQUEST_HEADERS, ...BODY_HEADERS]),
          authorization: `Bearer ${await sender.serviceToken()}`,
          'x-request-id': request.id,
        },
      })
      return await sendAnswer(request, reply, await passOn(request, upstream))
    } catch (error) {
      lingerThenClose(request)
      throw error
    }
  }
  withStreamedBodies(server, (scope) => {
    serveTusDiscovery(scope)
    for (const route of TUS_ROUTES) scope.route({ method: [...TUS_METHODS], url: route, handler: handle })
  })
}
