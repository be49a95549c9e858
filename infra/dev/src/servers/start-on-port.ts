/** Chooses loopback ports: one that was asked for, or one that is free. */

import { randomInt } from 'node:crypto'
import getPort, { clearLockedPorts } from 'get-port'
import { PortTakenError } from '../dev-error.ts'

// Below the ranges that systems take for outgoing connections (Linux from 32768, macOS from 49152), so that a server
// that is stopped and started again finds its port still free.
const LOWEST = 20_000
const HIGHEST = 32_000
const TRIES = 5
const HOST = '127.0.0.1'

/** A free port, the preferred one if it is. Another process may still take it first: see {@link startOnPort}. */
export async function findFreePort(preferred?: number): Promise<number> {
  const candidates = Array.from({ length: 20 }, () => randomInt(LOWEST, HIGHEST))
  // The library refuses for a while what it has handed out before, also when the server there has been stopped since.
  clearLockedPorts()
  return getPort({ port: preferred === undefined ? candidates : [preferred, ...candidates], host: HOST })
}

/** Whether nothing listens on this port. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await findFreePort(port)) === port
}

export interface PortChoice {
  /** Asked for: this one or none. */
  readonly required?: number | undefined
  /** Taken if it is free. */
  readonly preferred?: number | undefined
}

/**
 * Starts a server on the required port, or on a free one; when another process takes the free one between the choice
 * and the start, chooses again.
 */
export async function startOnPort<T>(choice: PortChoice, start: (port: number) => Promise<T>): Promise<T> {
  if (choice.required !== undefined) return start(choice.required)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await findFreePort(attempt === 1 ? choice.preferred : undefined))
    } catch (thrown) {
      if (!(thrown instanceof PortTakenError) || attempt === TRIES) throw thrown
    }
  }
}
