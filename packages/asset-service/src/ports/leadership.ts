/** Port: which of several replicas does the work that one of them is enough for. */

/** Held until it is released or lost. */
export interface Lead {
  /** Aborted once the lead is lost: another replica may have it from then on. */
  lost: AbortSignal
  /** Gives it up; done as well when it is lost already. */
  release(): Promise<void>
}

/**
 * A lead saves work, it guards nothing: between losing it and noticing, two replicas may believe to have it. What runs under
 * it has to be harmless when it runs twice.
 */
export interface Leadership {
  /** Asks once; `undefined` when another has it. Rejects with `REGISTRY_UNAVAILABLE` when nobody can be asked. */
  tryLead(): Promise<Lead | undefined>
}
