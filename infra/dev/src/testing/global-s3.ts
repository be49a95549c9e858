/** Vitest global set-up: one S3 server for the run; tests `inject('testS3')` and make buckets of their own. */

import type {} from 'vitest'
import type { TestProject } from 'vitest/node'
import { startTestS3, type TestS3Address } from './test-s3.ts'

declare module 'vitest' {
  interface ProvidedContext {
    testS3: TestS3Address
  }
}

/** Starts the server, and answers how to end it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestS3()
  const { endpoint, region, accessKeyId, secretAccessKey } = server
  project.provide('testS3', { endpoint, region, accessKeyId, secretAccessKey })
  return () => server.dispose()
}
