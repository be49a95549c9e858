/** Finds an executable in the folders of PATH. */

import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import path from 'node:path'

/** The first executable file of one of these names, in the order of the names, or undefined. */
export async function searchPath(searchPath: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    for (const folder of searchPath.split(path.delimiter)) {
      const candidate = path.resolve(folder, name)
      if (folder !== '' && (await isExecutable(candidate))) return candidate
    }
  }
  return undefined
}

/** Whether this is a file that this user may execute. */
export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}
