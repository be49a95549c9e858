/** Runs a TypeScript file of the repository as a process of its own. */

import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** The arguments that make this Node run TypeScript sources; the same loader everywhere. */
export function typescriptArguments(file: string): string[] {
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href, file]
}
