/** `build` of a server: bundles `src/main.ts` of the folder it is called in, and copies the folders named as arguments beside it. */

import { cp, rm } from 'node:fs/promises'
import path from 'node:path'
import { bundleServer } from './bundle-server.ts'

const OUTPUT = 'dist'

await rm(OUTPUT, { recursive: true, force: true })
await bundleServer({ entry: 'src/main.ts', outputDirectory: OUTPUT })
for (const folder of process.argv.slice(2)) {
  await cp(folder, path.join(OUTPUT, path.basename(folder)), { recursive: true })
}
