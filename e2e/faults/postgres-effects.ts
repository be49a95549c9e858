/** A proxy that understands PostgreSQL: it may lose the answer to a statement, after the statement has been committed. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Effects } from './effects.ts'
import type { EffectProxy } from './http-effects.ts'
import { createMessageReader, createStatementNames, type PostgresMessage } from './postgres-messages.ts'

/** What ends a group of messages that the server answers as one: a simple query, or Sync of the extended protocol. */
const ENDS_GROUP = new Set(['Q', 'S'])
const READY_FOR_QUERY = 'Z'

/** The server's side: gives whole answers to whoever waits for one, and everything else to the client at once. */
function createAnswers(server: Socket, client: Socket) {
  const reader = createMessageReader({ startsUntyped: false })
  let held: Buffer[] = []
  let waiting: ((answer: Buffer) => void) | undefined
  let lose: ((reason: Error) => void) | undefined
  server.on('close', () => lose?.(new Error('the server went away')))
  server.on('data', (bytes) => {
    for (const message of reader.read(bytes)) {
      if (waiting === undefined) client.write(message.bytes)
      else held.push(message.bytes)
      if (message.type !== READY_FOR_QUERY) continue
      waiting?.(Buffer.concat(held))
      waiting = undefined
      held = []
    }
  })
  return {
    /** Sends the group and resolves to the whole answer. */
    ask: (group: Buffer): Promise<Buffer> =>
      new Promise((resolve, reject) => {
        waiting = resolve
        lose = reject
        server.write(group)
      }),
  }
}

async function serve(client: Socket, server: Socket, effects: Effects): Promise<void> {
  const reader = createMessageReader({ startsUntyped: true })
  const statements = createStatementNames()
  const answers = createAnswers(server, client)
  let group: PostgresMessage[] = []

  const run = async (messages: readonly PostgresMessage[]): Promise<boolean> => {
    const bytes = Buffer.concat(messages.map((message) => message.bytes))
    const what = statements.statementOf(messages)
    const effect = { line: 'postgres', what: what ?? '' } as const
    if (what !== undefined && (await effects.judge(effect, 'before')) !== 'pass') return false
    const answer = await answers.ask(bytes)
    if (what !== undefined && (await effects.judge(effect, 'after')) !== 'pass') return false
    client.write(answer)
    return true
  }
  for await (const bytes of client) {
    for (const message of reader.read(bytes as Buffer)) {
      // Signing in, and saying goodbye, are nobody's effect.
      if (message.type === '' || message.type === 'p' || message.type === 'X') {
        server.write(message.bytes)
        continue
      }
      group.push(message)
      if (!ENDS_GROUP.has(message.type)) continue
      const passed = await run(group)
      group = []
      if (!passed) return void client.resetAndDestroy()
    }
  }
}

/** Starts the proxy on a free port. */
export async function startPostgresEffects(options: {
  readonly effects: Effects
  readonly targetPort: number
}): Promise<EffectProxy> {
  const open = new Set<Socket>()
  const proxy = createServer((client) => {
    const server = connect(options.targetPort, '127.0.0.1')
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
    serve(client, server, options.effects).catch(() => client.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const { port } = proxy.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      proxy.close()
      for (const socket of open) socket.destroy()
      await once(proxy, 'close')
    },
  }
}
