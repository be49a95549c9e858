/** Restarts an app when its sources change, and leaves it down while they do not work. */

import { watch, type FSWatcher } from 'node:fs'
import { access } from 'node:fs/promises'
import path from 'node:path'
import { messageOf } from '../dev-error.ts'
import { REPOSITORY } from '../repository.ts'
import type { StackPart } from './stack-processes.ts'

// Editors write a file in several steps, and a branch change writes many files.
const QUIET_MS = 200

/** Watches until it is told to stop. The web app needs none of this: Vite replaces modules in the page. */
export async function restartOnChange(
  part: StackPart,
  options: {
    /** Folders, from the repository's own; those that do not exist are left out. */
    readonly sources: readonly string[]
    readonly onLine: (line: string) => void
  },
): Promise<() => void> {
  let timer: NodeJS.Timeout | undefined
  let restarts = Promise.resolve()
  const restart = async () => {
    try {
      await part.stop()
      await part.start()
      options.onLine(`${part.name} restarted after a change.`)
    } catch (thrown) {
      options.onLine(`${messageOf(thrown)}\n${part.name} is down until the next change.`)
    }
  }
  const onChange = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      restarts = restarts.then(restart)
    }, QUIET_MS)
  }
  const watchers: FSWatcher[] = []
  for (const source of options.sources) {
    const folder = path.resolve(REPOSITORY, source)
    if (await exists(folder)) watchers.push(watch(folder, { recursive: true }, onChange))
  }
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}

async function exists(folder: string): Promise<boolean> {
  return access(folder).then(
    () => true,
    () => false,
  )
}
