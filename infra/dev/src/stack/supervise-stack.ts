/** Keeps a stack running until somebody ends it or one of its processes ends by itself; then ends all of it. */

import { once } from 'node:events'
import { Interrupted } from '../command-line.ts'
import { DevError } from '../dev-error.ts'
import { describeExit, describeLog } from '../processes/become-ready.ts'
import type { Crash } from './stack-processes.ts'
import { startStack, type Stack, type StackOptions } from './start-stack.ts'

export interface SuperviseOptions {
  readonly stack: Omit<StackOptions, 'onCrash' | 'signal'>
  /** Aborted, by an {@link Interrupted}, when the stack is to end. */
  readonly interruption: AbortSignal
  /** Called once everything is ready. What it answers is called before the stack is ended. */
  readonly onReady: (stack: Stack, signal: AbortSignal) => Promise<() => Promise<void>>
  readonly onEnding: () => void
}

/** Resolves when the stack was ended on purpose. Throws what went wrong otherwise; no process is left either way. */
export async function superviseStack(options: SuperviseOptions): Promise<void> {
  const crash = new AbortController()
  const onCrash = (found: Crash) => void describeCrash(found).then((error) => crash.abort(error))
  const signal = AbortSignal.any([options.interruption, crash.signal])
  const stack = await startStack({ ...options.stack, onCrash, signal })
  try {
    const undo = await options.onReady(stack, signal)
    if (!signal.aborted) await once(signal, 'abort')
    options.onEnding()
    await undo()
  } finally {
    await stack.stop()
  }
  // Ending it is how a stack is meant to end.
  if (!(signal.reason instanceof Interrupted)) throw signal.reason
}

async function describeCrash({ process, exit }: Crash): Promise<DevError> {
  return new DevError(
    `${process.name} ended although nobody ended it (${describeExit(exit)}), so everything was ended.\n` +
      (await describeLog(process)),
  )
}
