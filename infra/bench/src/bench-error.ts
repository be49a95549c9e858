/** The bench's own error: a contestant did something else than it was measured for. */

/** An answer, or what was read back, is not what it should be: there is no figure for that. */
export class WrongAnswerError extends Error {
  override name = 'WrongAnswerError'
}

/** Throws unless the two are the same. */
export function expectSame(what: string, { is, should }: { is: unknown; should: unknown }): void {
  if (is !== should) throw new WrongAnswerError(`${what} is ${String(is)} and should be ${String(should)}`)
}
