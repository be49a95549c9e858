import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: [fileURLToPath(import.meta.resolve('@studio/dev/testing/global-pocketbase'))],
    // Passwords are hashed slowly on purpose, and every file makes people of its own.
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
})
