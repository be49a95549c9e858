/** What lies between one browser and every server: an HTTP proxy that counts the parts of an upload, holds them back, and can be cut. */
import { once } from 'node:events'
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createPartGate, type PartCounts } from './part-gate.ts'

export interface BrowserLine extends PartCounts {
  readonly url: string
  /** Lets parts through until the store has so many; of each further one only the first half passes. */
  letThrough(parts: number): void
  /** Breaks off the parts that wait halfway: a page that is gone sends no more, but what it has sent may still be on the way. */
  dropHeld(): void
  /** Resets every connection and refuses new ones. */
  cut(): void
  mend(): void
  /** Connections that were refused since it was cut. */
  refused(): number
  close(): Promise<void>
}

/** RFC 9112, section 3.2.2: a proxy is asked for whole addresses. Only those of this machine are gone to. */
function targetOf(address: string): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url?.hostname === '127.0.0.1' ? url : undefined
}

/** As they came, each as often as it came, but for what was meant for the proxy. */
function headersOf({ rawHeaders }: IncomingMessage): string[] {
  const isKept = (index: number) => rawHeaders[index]?.toLowerCase() !== 'proxy-connection'
  return rawHeaders.filter((_, index) => isKept(index - (index % 2)))
}

/** The number of the part that a request brings. */
function partOf(incoming: IncomingMessage, url: URL): number | undefined {
  const number = incoming.method === 'PUT' ? url.searchParams.get('partNumber') : null
  return number === null ? undefined : Number(number)
}

/** Starts it on a free port, with every part held. */
export async function startBrowserLine(): Promise<BrowserLine> {
  const agent = new Agent({ keepAlive: true })
  const gate = createPartGate()
  const connections = new Set<Socket>()
  let isCut = false
  let refused = 0

  const ask = async (incoming: IncomingMessage, url: URL): Promise<IncomingMessage> => {
    const { hostname, port, pathname, search } = url
    const outgoing = request({
      host: hostname,
      port,
      method: incoming.method,
      path: pathname + search,
      headers: headersOf(incoming),
      agent,
    })
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>
    const partNumber = partOf(incoming, url)
    const sent =
      partNumber === undefined
        ? pipeline(incoming, outgoing)
        : gate.pass(partNumber, { incoming, outgoing, answered })
    // A server may answer before it has heard all; a body that breaks off leaves no answer.
    const [[answer]] = await Promise.all([answered, sent])
    return answer
  }
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = targetOf(incoming.url ?? '')
    if (url === undefined) return void response.writeHead(502).end()
    const answer = await ask(incoming, url)
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headersOf(answer))
    // The first event of a stream may be long in coming.
    response.flushHeaders()
    await pipeline(answer, response)
  }

  const server = createServer((incoming, response) => {
    // Both let go of it when they end.
    const { socket } = incoming
    incoming.on('error', () => undefined)
    handle(incoming, response).catch(() => socket.resetAndDestroy())
  })
  server.on('connection', (socket: Socket) => {
    if (isCut) {
      refused += 1
      socket.resetAndDestroy()
      return
    }
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
  })
  // The only line of that kind is the development server's own, over which it would have the page loaded anew.
  server.on('connect', (_incoming: IncomingMessage, socket: Duplex) => {
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ...gate.counts,
    url: `http://127.0.0.1:${port}`,
    letThrough: gate.letThrough,
    dropHeld: gate.drop,
    cut: () => {
      isCut = true
      refused = 0
      gate.drop()
      for (const socket of connections) socket.resetAndDestroy()
    },
    mend: () => {
      isCut = false
    },
    refused: () => refused,
    close: async () => {
      server.close()
      for (const socket of connections) socket.destroy()
      agent.destroy()
      await once(server, 'close')
    },
  }
}
