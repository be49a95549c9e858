/** Work that has to end in time, and that ends at once when nobody wants its result any more. */

export interface Deadline {
  milliseconds: number
  /** Whose result it is; aborted when that is no longer wanted. */
  signal?: AbortSignal | undefined
}

/**
 * Gives the work a signal that aborts at the deadline or with the given signal. `AbortSignal.any` and `AbortSignal.timeout`
 * do the same, but keep a timer and two signals for each request until its deadline, long after it was answered.
 */
export async function withDeadline<Result>(
  { milliseconds, signal }: Deadline,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  const leave = () => controller.abort(signal?.reason)
  if (signal?.aborted === true) leave()
  signal?.addEventListener('abort', leave, { once: true })
  const expire = () => controller.abort(new DOMException('The deadline has passed', 'TimeoutError'))
  const timer = setTimeout(expire, milliseconds)
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', leave)
  }
}
