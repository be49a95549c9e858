/** The environment of test servers: where binaries are, but neither ports nor servers of the person who runs the tests. */

import { readEnvironment, type DevEnvironment } from '../env.ts'

/** Reads what tests may know of the environment. */
export function readTestEnvironment(): DevEnvironment {
  const { PATH, HOME, XDG_CACHE_HOME, STUDIO_CACHE_DIR, inherited, ...others } = readEnvironment()
  const { STUDIO_POCKETBASE_BIN, STUDIO_S3_BIN, STUDIO_CHROMIUM_BIN } = others
  return {
    PATH,
    HOME,
    XDG_CACHE_HOME,
    STUDIO_CACHE_DIR,
    STUDIO_POCKETBASE_BIN,
    STUDIO_S3_BIN,
    STUDIO_CHROMIUM_BIN,
    inherited,
  }
}
