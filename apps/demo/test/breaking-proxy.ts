/** A TCP proxy that breaks on purpose, in front of a server that works. */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'

export interface BreakingProxy {
  port: number
  /** Cuts every connection once so many bytes more have gone to the server, and each new one until `mend`. */
  cutAfter(bytes: number): void
  mend(): void
  /** Connections that were refused since the cut. */
  refused(): number
  close(): Promise<void>
}

/** Starts a proxy to this server on a free port. */
export async function startBreakingProxy(target: { hostname: string; port: number }): Promise<BreakingProxy> {
  const open = new Set<Socket>()
  let [left, refused] = [Number.POSITIVE_INFINITY, 0]
  const server = createServer((client) => {
    if (left <= 0) {
      refused += 1
      client.resetAndDestroy()
      return
    }
    const upstream = connect(target.port, target.hostname)
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
    client.on('data', (chunk) => {
      left -= chunk.length
      if (left <= 0) for (const socket of open) socket.resetAndDestroy()
    })
    client.pipe(upstream)
    upstream.pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    cutAfter: (bytes) => (left = bytes),
    mend: () => (left = Number.POSITIVE_INFINITY),
    refused: () => refused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}
