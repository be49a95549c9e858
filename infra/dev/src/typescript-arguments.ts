/** Runs a TypeScript file of the repository as a process of its own. */

import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(import.meta.url)

/** The arguments that make this Node run TypeScript sources; the same loader everywhere. */
export function typescriptArguments(file: string): string[] {
  return ['--import', pathToFileURL(require.resolve('tsx')).href, file]
}
