/** Ends a "process" at a chosen effect: the ports stop working there, before the effect or just after it happened. */
import type { Ports } from '../ports/ports.ts'

export interface Fuse {
  /** Which effect, counted from 0. */
  effect: number
  /** `before`: the effect did not happen. `after`: it did, but nobody heard of it. */
  moment: 'before' | 'after'
}

/**
 * The effects of a request. What the background does when nothing is due is left out, so that effects can be counted: it
 * leases, ends, or purges what is overdue.
 */
const COUNTED: ReadonlySet<PropertyKey> = new Set(
  'begin findUpload extend noteMultipart growReservation commit expire findReadable put head readRange delete create putPart listParts assemble abortAll createIfAbsent noteChecksum confirm postpone standings abort auditRemoval noteScrubbed note resolve trash restore purge remove copy tryLock unlock advance resize'.split(
    ' ',
  ),
)

/** What a dead process's code would "see": no test may take it for an answer. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

export interface FusedPorts<Given> {
  ports: Given
  /** Did the crash happen? */
  isBlown: () => boolean
}

/** In one process: the request fails, and the test goes on with new ports. */
function throwCrash(): never {
  throw new Crash('the process died here')
}

type AsyncMethod = (...args: never[]) => Promise<unknown>

type EffectPorts = Pick<
  Ports,
  | 'store'
  | 'multipart'
  | 'registry'
  | 'tus'
  | 'expiredUploads'
  | 'life'
  | 'ledger'
  | 'findings'
  | 'outbox'
  | 'metadata'
>

/**
 * Wraps every port that has effects. Once the fuse has blown, no further effect happens: a dead process does nothing.
 * `crash` is how it dies; in a process of its own that is `SIGKILL`.
 */
export function fusePorts<Given extends EffectPorts>(
  ports: Given,
  fuse: Fuse,
  crash: () => never = throwCrash,
): FusedPorts<Given> {
  let effects = 0
  let blown = false
  const fused = (method: AsyncMethod): AsyncMethod => {
    return async (...args) => {
      if (blown) return crash()
      const isLast = effects === fuse.effect
      effects += 1
      if (isLast) blown = true
      if (isLast && fuse.moment === 'before') return crash()
      const result = await method(...args)
      if (isLast) return crash()
      return result
    }
  }
  const fuseAll = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name, receiver) {
        const member: unknown = Reflect.get(target, name, receiver)
        return typeof member === 'function' && COUNTED.has(name)
          ? fused(member.bind(target) as AsyncMethod)
          : member
      },
    })
  return {
    ports: {
      ...ports,
      store: fuseAll(ports.store),
      ...(ports.multipart === undefined ? {} : { multipart: fuseAll(ports.multipart) }),
      registry: fuseAll(ports.registry),
      tus: fuseAll(ports.tus),
      expiredUploads: fuseAll(ports.expiredUploads),
      life: fuseAll(ports.life),
      ledger: fuseAll(ports.ledger),
      findings: fuseAll(ports.findings),
      outbox: fuseAll(ports.outbox),
      metadata: fuseAll(ports.metadata),
    },
    isBlown: () => blown,
  }
}
