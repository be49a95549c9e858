/** What the parts of Studio do to each other over the wire, and where a test steps in. */

/** Who is spoken to. */
export type ServerLine = 'postgres' | 's3' | 'pocketbase' | 'asset-service'

/** One request and its answer: a statement, or a method and a path. */
export interface Effect {
  readonly line: ServerLine
  readonly what: string
}

/** `before`: it has not reached the server. `after`: the server has done it, and nobody has heard its answer. */
export type Moment = 'before' | 'after'

/** What an HTTP server is made to say. */
export interface FalseAnswer {
  readonly status: number
  readonly body: string
}

/** `cut`: the connection is reset. */
export type Verdict = 'pass' | 'cut' | FalseAnswer

type Tripwire = (effect: Effect, moment: Moment) => Verdict | Promise<Verdict>

export interface Effects {
  /** Every proxy asks this, before and after. */
  judge(effect: Effect, moment: Moment): Promise<Verdict>
  /** Replaces the tripwire; none: everything passes. */
  arm(tripwire?: Tripwire): void
}

/** Begins with no tripwire. */
export function createEffects(): Effects {
  let armed: Tripwire | undefined
  return {
    judge: async (effect, moment) => (await armed?.(effect, moment)) ?? 'pass',
    arm: (tripwire) => {
      armed = tripwire
    },
  }
}

/** What happens whether or not anybody uploads: it would make effects uncountable. */
const BACKGROUND =
  /skip locked|advisory|^\s*select 1\s*$|expires_at <|writable_until <|purge_at <|^listen |^set |jwks\.json|\/(health|readyz)|auth-with-password/i

/** Whether an effect belongs to what a client asked for. */
export function isForeground({ what }: Effect): boolean {
  return !BACKGROUND.test(what)
}

export interface FaultPlan {
  /** The fault happens at the n-th effect that counts, from 0. */
  readonly at: number
  readonly moment: Moment
  readonly counts?: (effect: Effect) => boolean
  /** Does the damage, and says what becomes of the answer. */
  readonly act: (effect: Effect) => Verdict | Promise<Verdict>
}

export interface ArmedFault {
  /** Disarms it and resolves, when the damage is done, to where it struck; `undefined` where it has not. */
  end(): Promise<Effect | undefined>
}

/** Arms one fault, which strikes once. */
export function armFault(effects: Effects, plan: FaultPlan): ArmedFault {
  const { counts = isForeground } = plan
  let seen = 0
  let struck: Effect | undefined
  let acting: Promise<Verdict> | undefined
  effects.arm((effect, moment) => {
    if (moment !== plan.moment || struck !== undefined || !counts(effect)) return 'pass'
    seen += 1
    if (seen <= plan.at) return 'pass'
    struck = effect
    acting = Promise.resolve(plan.act(effect))
    return acting
  })
  return {
    end: async () => {
      effects.arm()
      // A client may hear that a process is gone before whoever ended it does.
      await acting
      return struck
    },
  }
}
