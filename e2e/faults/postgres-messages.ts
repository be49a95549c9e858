/** Splits PostgreSQL's protocol into messages ("Message Formats", PostgreSQL manual): a type, a length, a body. */

export interface PostgresMessage {
  /** One letter; empty for the first message of a connection, which has none. */
  readonly type: string
  /** Without type and length. */
  readonly body: Buffer
  /** As it goes over the wire. */
  readonly bytes: Buffer
}

export interface MessageReader {
  /** The messages that are whole now. */
  read(bytes: Buffer): PostgresMessage[]
}

/** `startsUntyped`: the client's side, whose first message is only a length and a body. */
export function createMessageReader(options: { startsUntyped: boolean }): MessageReader {
  let pending: Buffer = Buffer.alloc(0)
  let untyped = options.startsUntyped

  const take = (): PostgresMessage | undefined => {
    const typeBytes = untyped ? 0 : 1
    if (pending.length < typeBytes + 4) return undefined
    const end = typeBytes + pending.readInt32BE(typeBytes)
    if (pending.length < end) return undefined
    const bytes = pending.subarray(0, end)
    pending = pending.subarray(end)
    untyped = false
    return { type: bytes.toString('latin1', 0, typeBytes), body: bytes.subarray(typeBytes + 4), bytes }
  }
  return {
    read(bytes) {
      pending = Buffer.concat([pending, bytes])
      const messages: PostgresMessage[] = []
      for (let message = take(); message !== undefined; message = take()) messages.push(message)
      return messages
    },
  }
}

/** The strings that a body begins with, each ended by a zero byte. */
function stringsOf(body: Buffer): [string, string] {
  const first = body.indexOf(0)
  const second = body.indexOf(0, first + 1)
  return [body.toString('utf8', 0, first), body.toString('utf8', first + 1, Math.max(second, first + 1))]
}

/** Follows one client's statements, prepared ones too, which are sent once and then called by their name. */
export function createStatementNames() {
  const byName = new Map<string, string>()
  return {
    /** The SQL that these messages run, if any. */
    statementOf(messages: readonly PostgresMessage[]): string | undefined {
      let statement: string | undefined
      for (const { type, body } of messages) {
        if (type === 'Q') return stringsOf(body)[0]
        if (type === 'P') byName.set(...stringsOf(body))
        if (type === 'B') statement = byName.get(stringsOf(body)[1])
      }
      return statement
    },
  }
}
