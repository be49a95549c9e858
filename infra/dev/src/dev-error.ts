/** Errors of the development tools: their message alone tells a person what to do, without a stack. */

/** Something that the person at the terminal can mend; the message says how. */
export class DevError extends Error {
  override name = 'DevError'
}

/** A server could not listen because something else holds its port. */
export class PortTakenError extends DevError {
  override name = 'PortTakenError'
  readonly port: number

  constructor(port: number, message: string) {
    super(message)
    this.port = port
  }
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** The system's code (`ENOENT`, `EACCES`, …) of whatever was thrown, if it has one. */
export function systemCodeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined
  return typeof thrown.code === 'string' ? thrown.code : undefined
}

/** There is no binary of a server on this machine, and no way to get one. */
export class NoServerError extends DevError {
  override name = 'NoServerError'
}
