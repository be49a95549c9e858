/** A process whose clock is wrong. */

/** Runs in the process, before its program: every reading of the time is shifted, timers are not. */
function shiftClock(milliseconds: number): void {
  const RealDate = Date
  const now = () => RealDate.now() + milliseconds
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, parts: [], newTarget) =>
      Reflect.construct(target, parts.length === 0 ? [now()] : parts, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  })
}

/** What Node is started with; nothing for a clock that is right. */
export function clockArguments(milliseconds: number): string[] {
  if (milliseconds === 0) return []
  const module = `(${shiftClock.toString()})(${milliseconds})`
  return ['--import', `data:text/javascript,${encodeURIComponent(module)}`]
}
