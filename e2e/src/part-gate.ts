/** Lets the parts of one upload through by number, and remembers what the store said to each. */
import { once } from 'node:events'
import type { ClientRequest, IncomingMessage } from 'node:http'

export interface PartCounts {
  /** Parts that the store has answered to have. */
  confirmed(): ReadonlySet<number>
  /** Parts that came halfway and wait. */
  held(): number
  /** Parts that were sent although the store had confirmed them, as often as that was done. */
  sentAgain(): readonly number[]
  /** Bytes of parts, whatever became of them. */
  partBytes(): number
  /** How often a part was begun. */
  attempts(): number
}

interface PassingPart {
  readonly incoming: IncomingMessage
  readonly outgoing: ClientRequest
  readonly answered: Promise<[IncomingMessage]>
}

interface WaitingPart {
  readonly resolve: () => void
  readonly reject: (reason: Error) => void
}

export interface PartGate {
  readonly counts: PartCounts
  letThrough(parts: number): void
  /** Breaks off those that wait. */
  drop(): void
  /** Resolves when the body is through and answered; rejects when either end broke off. */
  pass(partNumber: number, part: PassingPart): Promise<void>
}

/** Begins closed. */
export function createPartGate(): PartGate {
  const confirmed = new Set<number>()
  const sentAgain: number[] = []
  /** Those that wait for their turn, in the order of their coming. */
  const waiting: WaitingPart[] = []
  let limit = 0
  let passing = 0
  let partBytes = 0
  let attempts = 0

  const hasRoom = () => confirmed.size + passing < limit
  const admit = () => {
    while (hasRoom() && waiting.length > 0) {
      passing += 1
      waiting.shift()?.resolve()
    }
  }
  const turn = () =>
    new Promise<void>((resolve, reject) => {
      waiting.push({ resolve, reject })
      admit()
    })
  const carry = async ({ incoming, outgoing }: PassingPart, takeTurn: () => Promise<void>) => {
    const half = Number(incoming.headers['content-length']) / 2
    let carried = 0
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      if (carried + chunk.length > half) await takeTurn()
      carried += chunk.length
      partBytes += chunk.length
      if (!outgoing.write(chunk)) await once(outgoing, 'drain')
    }
    outgoing.end()
  }
  return {
    counts: {
      confirmed: () => confirmed,
      held: () => waiting.length,
      sentAgain: () => sentAgain,
      partBytes: () => partBytes,
      attempts: () => attempts,
    },
    letThrough: (parts) => {
      limit = parts
      admit()
    },
    drop: () => {
      for (const part of waiting.splice(0)) part.reject(new Error('Broken off'))
    },
    pass: async (partNumber, part) => {
      attempts += 1
      if (confirmed.has(partNumber)) sentAgain.push(partNumber)
      let hasTurn = false
      const takeTurn = async () => {
        if (!hasTurn) await turn()
        hasTurn = true
      }
      try {
        await carry(part, takeTurn)
        const [{ statusCode }] = await part.answered
        if (statusCode === 200) confirmed.add(partNumber)
      } catch (thrown) {
        part.outgoing.destroy()
        throw thrown
      } finally {
        if (hasTurn) passing -= 1
        admit()
      }
    },
  }
}
