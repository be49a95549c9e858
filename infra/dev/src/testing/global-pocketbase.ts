/** Vitest global set-up: one PocketBase for the run; tests `inject('testPocketBase')` and make records of their own. */

import type {} from 'vitest'
import type { TestProject } from 'vitest/node'
import { startTestPocketBase, type TestPocketBaseAddress } from './test-pocketbase.ts'

declare module 'vitest' {
  interface ProvidedContext {
    testPocketBase: TestPocketBaseAddress
  }
}

/** Starts the server, and answers how to end it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestPocketBase()
  const { url, superuser, service } = server
  project.provide('testPocketBase', { url, superuser, service })
  return () => server.dispose()
}
