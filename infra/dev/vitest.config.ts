import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    // Real servers are started and ended in these tests.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
