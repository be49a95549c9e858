/** The browser tests on one stack that is started for the whole run, then the faults, on stacks that they break themselves. */
import { defineConfig } from 'vitest/config'

// A test stops servers, and all of them share the machine's cores: one file after the other, no test tried twice.
const oneAfterTheOther = { fileParallelism: false, testTimeout: 90_000, hookTimeout: 90_000 }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...oneAfterTheOther,
          name: 'browser',
          include: ['*.test.ts'],
          globalSetup: ['src/global-studio.ts'],
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...oneAfterTheOther,
          name: 'faults',
          include: ['faults/*.test.ts'],
          testTimeout: 300_000,
          sequence: { groupOrder: 0 },
        },
      },
    ],
  },
})
