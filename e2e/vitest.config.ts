/** Browser tests on one stack that is started for the whole run: one file after the other, no test tried twice. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['*.test.ts'],
    globalSetup: ['src/global-studio.ts'],
    // A test stops a server of the stack, and all of them share the machine's cores with two browsers.
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
})
