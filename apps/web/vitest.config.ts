/** Unit tests of what needs no browser; the screens are tested in a real one, from outside. */
import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { environment: 'node', include: ['src/**/*.test.ts'] } })
