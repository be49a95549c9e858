/** Random sequences of client steps, faults and restarts against the whole of Studio: every promise holds after each. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultRuns } from '../env.ts'
import { CallFailed, callBff } from './bff-calls.ts'
import type { LineFault } from './breaking-line.ts'
import { startBrokenServers, type BrokenServers } from './broken-servers.ts'
import { bundleApps, type BundledApps } from './bundled-apps.ts'
import { armFault, type ArmedFault, type Moment, type Verdict } from './effects.ts'
import { PROCESSES, startFaultyStack, type FaultyStack, type ProcessName } from './faulty-stack.ts'
import { expectPromises, ownerOf, type Heard } from './promises.ts'
import { isPassing, sendUntilStored, trySending } from './resume.ts'
import { TRANSPORTS, type Transport } from './transports.ts'
import { begin, newUpload, type Stored, type Upload } from './uploads.ts'

const SHORT_RUN = 5
const STEPS_MAX = 10
const SLOTS = 3

let apps: BundledApps
let servers: BrokenServers
let stack: FaultyStack
beforeAll(async () => {
  ;[apps, servers] = await Promise.all([bundleApps(), startBrokenServers()])
  stack = await startFaultyStack({ servers, apps, replicas: 2 })
})
afterAll(async () => {
  await stack?.dispose()
  await servers?.dispose()
  await apps?.dispose()
})

/** What one client knows. */
interface Slot {
  readonly transport: Transport
  readonly upload: Upload
  readonly stored: Stored[]
  /** Somebody asked to cancel it: it may be ended, or stored, and stays what it is. */
  cancelled: boolean
}

class Real {
  readonly slots: Slot[]
  faults: ArmedFault[] = []
  constructor(slots: Slot[]) {
    this.slots = slots
  }
  slot(index: number): Slot {
    const slot = this.slots[index]
    if (slot === undefined) throw new Error(`there is no slot ${index}`)
    return slot
  }
}

type Model = Record<string, never>
abstract class Step implements fc.AsyncCommand<Model, Real> {
  check(): boolean {
    return true
  }
  abstract run(model: Model, real: Real): Promise<void>
  abstract toString(): string
}

async function send({ transport, upload, stored, cancelled }: Slot): Promise<void> {
  try {
    const answer = await trySending(ownerOf(stack), { transport, upload })
    if (answer !== undefined) stored.push(answer)
  } catch (thrown) {
    if (!cancelled || !(thrown instanceof CallFailed) || thrown.code !== 'UPLOAD_ENDED') throw thrown
    expect(stored).toEqual([])
  }
}

class Send extends Step {
  readonly indexes: readonly number[]
  constructor(...indexes: number[]) {
    super()
    this.indexes = indexes
  }
  async run(_model: Model, real: Real): Promise<void> {
    await Promise.all(this.indexes.map((index) => send(real.slot(index))))
  }
  override toString = () => `send ${this.indexes.join(' and ')}`
}

class Cancel extends Step {
  readonly index: number
  constructor(index: number) {
    super()
    this.index = index
  }
  async run(_model: Model, real: Real): Promise<void> {
    const slot = real.slot(this.index)
    // The others are not begun by a call of their own.
    if (slot.transport.name === 'inline' || slot.transport.name === 'tus') return
    slot.cancelled = true
    try {
      const { fileId } = await begin(ownerOf(stack), slot.upload)
      await callBff(ownerOf(stack), 'files.abort', { fileId })
      expect(slot.stored).toEqual([])
    } catch (thrown) {
      const isOver =
        thrown instanceof CallFailed && /^UPLOAD_(ENDED|ALREADY_COMPLETE)$/.test(thrown.code ?? '')
      if (!isOver && !isPassing(thrown)) throw thrown
    }
  }
  override toString = () => `cancel ${this.index}`
}

class Kill extends Step {
  readonly victim: ProcessName
  readonly at: number
  readonly moment: Moment
  constructor(victim: ProcessName, at: number, moment: Moment) {
    super()
    this.victim = victim
    this.at = at
    this.moment = moment
  }
  async run(_model: Model, real: Real): Promise<void> {
    const act = async (): Promise<Verdict> => {
      await stack.kill(this.victim)
      return 'cut'
    }
    real.faults.push(armFault(stack.effects, { at: this.at, moment: this.moment, act }))
  }
  override toString = () => `kill ${this.victim} ${this.moment} effect ${this.at}`
}

class Break extends Step {
  readonly line: 'postgres' | 's3' | 's3-public' | 'pocketbase'
  readonly fault: LineFault
  constructor(line: Break['line'], fault: LineFault) {
    super()
    this.line = line
    this.fault = fault
  }
  async run(): Promise<void> {
    stack.servers.lines[this.line].fail(this.fault)
  }
  override toString = () => `${this.line} is ${this.fault}`
}

async function mend(real: Real): Promise<void> {
  await Promise.all(real.faults.splice(0).map((fault) => fault.end()))
  await stack.mend()
}

class Mend extends Step {
  run = (_model: Model, real: Real) => mend(real)
  override toString = () => 'mend'
}

const slotIndex = fc.nat(SLOTS - 1)
const steps = [
  slotIndex.map((index) => new Send(index)),
  slotIndex.map((index) => new Send(index, index)),
  fc.constant(new Send(0, 1, 2)),
  slotIndex.map((index) => new Cancel(index)),
  fc
    .tuple(fc.constantFrom(...PROCESSES), fc.nat(9), fc.constantFrom<Moment>('before', 'after'))
    .map((kill) => new Kill(...kill)),
  fc
    .tuple(
      fc.constantFrom('postgres' as const, 's3' as const, 's3-public' as const, 'pocketbase' as const),
      fc.constantFrom<LineFault>('reset', 'refused', 'none'),
    )
    .map((broken) => new Break(...broken)),
  fc.constant(new Mend()),
]

/** Everything works again: each client that did not cancel gets its file stored. */
async function finish(real: Real): Promise<Heard[]> {
  await mend(real)
  for (const slot of real.slots) {
    if (slot.cancelled) await send(slot)
    else slot.stored.push(await sendUntilStored(ownerOf(stack), slot))
  }
  return real.slots
}

test(
  'any sequence of steps, faults and restarts ends with every promise kept',
  { timeout: 3_600_000 },
  async () => {
    const everHeard: Heard[] = []
    await fc.assert(
      fc.asyncProperty(
        fc.commands(steps, { maxCommands: STEPS_MAX, size: 'max' }),
        fc.array(fc.constantFrom(...TRANSPORTS), { minLength: SLOTS, maxLength: SLOTS }),
        async (commands, transports) => {
          const slots = transports.map((transport) => ({
            transport,
            upload: newUpload({ ...stack.scene, size: transport.size }),
            stored: [],
            cancelled: false,
          }))
          const real = new Real(slots)
          try {
            await fc.asyncModelRun(() => ({ model: {}, real }), commands)
          } finally {
            everHeard.push(...(await finish(real)))
          }
          await expectPromises(stack, slots, { unnotedParts: true })
        },
      ),
      // A failure prints its seed and path; shrinking would take hours of restarts.
      { numRuns: faultRuns ?? SHORT_RUN, endOnFailure: true },
    )
    for (const { stored } of everHeard)
      expect(new Set(stored.map(({ fileId }) => fileId)).size).toBeLessThan(2)
  },
)
