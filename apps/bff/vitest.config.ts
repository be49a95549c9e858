/** Tests of the BFF: units beside their sources, and the whole server against real ones. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['@studio/dev/testing/global-pocketbase'],
    // Real servers are started, stopped and filled in these tests.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
