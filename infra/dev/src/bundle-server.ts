/** Bundles a server into plain JavaScript that runs by `node dist/main.js`, with nothing installed beside it. */

import { build } from 'esbuild'

/** Oldest Node that the result runs on: the floor in the root's `engines`. */
const TARGET = 'node20.19'

/** Some dependencies are CommonJS and ask for Node's modules by `require`, which an ES module does not have. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

export interface BundleOptions {
  readonly entry: string | readonly string[]
  readonly outputDirectory: string
}

/** Rejects when something cannot be resolved. Modules that are loaded by a name at run time become files of their own. */
export async function bundleServer({ entry, outputDirectory }: BundleOptions): Promise<void> {
  await build({
    entryPoints: [entry].flat(),
    outdir: outputDirectory,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: TARGET,
    banner: { js: REQUIRE },
    // An optional native driver, which `pg` looks for and does without.
    external: ['pg-native'],
    logLevel: 'warning',
  })
}
