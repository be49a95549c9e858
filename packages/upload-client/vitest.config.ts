/** Some tests move hundreds of MiB or try thousands of runs, which a busy machine takes its time for. */
import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { testTimeout: 60_000 } })
