/** A TCP line that breaks on purpose, in front of a server that works. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * `refused`: each connection is reset at once. `reset`: at its first byte. `silent`: bytes vanish both ways (half-open).
 * `deaf`: the server hears, and nobody hears the server. `slow`: 10 kB a second.
 */
export type LineFault = 'none' | 'refused' | 'reset' | 'silent' | 'deaf' | 'slow'

const SLOW_BYTES = 1_000
const SLOW_EVERY_MS = 100

export interface BreakingLine {
  readonly port: number
  readonly url: string
  /** Breaks it from now on, for connections that are open too. */
  fail(fault: LineFault): void
  /** Connections that lost bytes are reset, as they would be in life. */
  mend(): void
  /** Connections that felt the fault since it began. */
  hurt(): number
  close(): Promise<void>
}

interface Connection {
  readonly client: Socket
  readonly server: Socket
  lossy: boolean
}

/** Starts a line to this port of this machine, on a free port. */
export async function startBreakingLine(targetPort: number): Promise<BreakingLine> {
  const open = new Set<Connection>()
  const hurt = new Set<Connection>()
  let fault: LineFault = 'none'

  const drop = ({ client, server }: Connection) => {
    client.resetAndDestroy()
    server.resetAndDestroy()
  }
  /** Resolves to whether the bytes went on. */
  const passOn = async (connection: Connection, to: Socket, bytes: Buffer): Promise<void> => {
    if (fault !== 'none') hurt.add(connection)
    if (fault === 'reset') return drop(connection)
    if (fault === 'silent' || (fault === 'deaf' && to === connection.client)) {
      connection.lossy = true
      return
    }
    let sent = 0
    for (; fault === 'slow' && sent < bytes.length; sent += SLOW_BYTES) {
      to.write(bytes.subarray(sent, sent + SLOW_BYTES))
      await pause(SLOW_EVERY_MS)
    }
    if (sent < bytes.length && !to.write(bytes.subarray(sent))) await once(to, 'drain').catch(() => undefined)
  }
  const pump = async (connection: Connection, from: Socket, to: Socket) => {
    try {
      for await (const bytes of from) await passOn(connection, to, bytes as Buffer)
      to.end()
    } catch {
      drop(connection)
    }
  }
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true })
    const connection: Connection = { client, server: upstream, lossy: false }
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        open.delete(connection)
        other.destroy()
      })
    }
    if (fault === 'refused') {
      hurt.add(connection)
      return drop(connection)
    }
    open.add(connection)
    void pump(connection, client, upstream)
    void pump(connection, upstream, client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    fail: (next) => {
      hurt.clear()
      fault = next
      if (next === 'refused' || next === 'reset') for (const connection of open) drop(connection)
    },
    mend: () => {
      fault = 'none'
      for (const connection of open) if (connection.lossy) drop(connection)
    },
    hurt: () => hurt.size,
    close: async () => {
      server.close()
      for (const connection of open) drop(connection)
      await once(server, 'close')
    },
  }
}
