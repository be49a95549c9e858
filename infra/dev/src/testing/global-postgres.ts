/** Vitest global set-up: one PostgreSQL for the run; tests `inject('testPostgres')` and create databases on it. */

import type {} from 'vitest'
import type { TestProject } from 'vitest/node'
import { startTestPostgres } from './test-postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Give `url` to `createTestDatabase` for a database of one's own. */
    testPostgres: { url: string }
  }
}

/** Starts the server, and answers how to end it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestPostgres()
  project.provide('testPostgres', { url: server.url })
  return () => server.dispose()
}
