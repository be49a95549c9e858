/** Where the parts of this repository lie. */

import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the checkout. */
export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')

/** The folder of a workspace package, such as `apps/bff`. */
export function packageDirectory(name: string): string {
  return path.join(REPOSITORY, name)
}
