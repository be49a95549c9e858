/**
 * `build` of a server: bundles `src/main.ts` of the folder it is called in, further programs beside it, and copies folders
 * there; programs (`.ts`) and folders are named as arguments.
 */

import { cp, rm } from 'node:fs/promises'
import path from 'node:path'
import { bundleServer } from './bundle-server.ts'

const OUTPUT = 'dist'

const named = process.argv.slice(2)
const programs = named.filter((name) => name.endsWith('.ts'))
const folders = named.filter((name) => !programs.includes(name))

await rm(OUTPUT, { recursive: true, force: true })
await bundleServer({ entry: ['src/main.ts', ...programs], outputDirectory: OUTPUT })
for (const folder of folders) {
  await cp(folder, path.join(OUTPUT, path.basename(folder)), { recursive: true })
}
