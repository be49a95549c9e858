/** A proxy that understands HTTP: it may keep a request from the server, or the server's answer from the client. */
import { once } from 'node:events'
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Effect, Effects, ServerLine, Verdict } from './effects.ts'

export interface EffectProxy {
  readonly port: number
  readonly url: string
  close(): Promise<void>
}

export interface HttpEffectsOptions {
  readonly effects: Effects
  readonly line: ServerLine
  /** Asked for each request, so that it can spread them over replicas. */
  readonly targetPort: () => number
}

/** The headers as they came, each as often as it came: signatures are over them. */
function headersOf(message: IncomingMessage): string[] {
  return message.rawHeaders
}

/** Resolves to the answer, whole. */
async function forward(incoming: IncomingMessage, port: number, agent: Agent) {
  const { method, url } = incoming
  const outgoing = request({
    host: '127.0.0.1',
    port,
    method,
    path: url,
    headers: headersOf(incoming),
    agent,
  })
  const answered = once(outgoing, 'response')
  outgoing.on('error', () => incoming.resume())
  incoming.pipe(outgoing)
  // A client that goes away in the middle of a body takes its request along.
  incoming.on('close', () => {
    if (!incoming.complete) outgoing.destroy()
  })
  const [answer] = (await answered) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  return { answer, body: Buffer.concat(chunks) }
}

/** Says what was decided, if anything was. */
function settle(incoming: IncomingMessage, response: ServerResponse, verdict: Verdict): boolean {
  if (verdict === 'pass') return false
  if (verdict === 'cut') incoming.socket.resetAndDestroy()
  else {
    // S3 names its errors in XML, and its clients tell by the type what they read.
    response.writeHead(verdict.status, { 'content-type': 'application/xml', connection: 'close' })
    response.end(verdict.body)
  }
  return true
}

/** Starts the proxy on a free port. */
export async function startHttpEffects({
  effects,
  line,
  targetPort,
}: HttpEffectsOptions): Promise<EffectProxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const effect: Effect = { line, what: `${incoming.method} ${incoming.url}` }
    if (settle(incoming, response, await effects.judge(effect, 'before'))) return
    const { answer, body } = await forward(incoming, targetPort(), agent)
    if (settle(incoming, response, await effects.judge(effect, 'after'))) return
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headersOf(answer))
    response.end(body)
  }
  const server = createServer((incoming, response) => {
    incoming.on('error', () => undefined)
    handle(incoming, response).catch(() => incoming.socket.resetAndDestroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.close()
      server.closeAllConnections()
      agent.destroy()
      await once(server, 'close')
    },
  }
}
