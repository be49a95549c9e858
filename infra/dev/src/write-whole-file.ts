/** Writes files that others read at any moment, also after this process was killed in the middle. */

import { renameSync, writeFileSync } from 'node:fs'

/** Writes JSON beside the file, for its owner alone, and renames it into place: nobody ever reads half of it. */
export function writeWholeFile(file: string, content: object): void {
  const unfinished = `${file}.${process.pid}.unfinished`
  writeFileSync(unfinished, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(unfinished, file)
}
