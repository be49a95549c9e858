/** A PocketBase with the project's migrations and hooks for tests. */

import { findServerBinary } from '../servers/find-server-binary.ts'
import { startPocketBase } from '../servers/pocketbase.ts'
import type { Credentials } from '../servers/pocketbase-identities.ts'
import { toStandardError } from './progress-line.ts'
import { startRestartable, type RestartableServer } from './restartable-server.ts'

export interface TestPocketBaseAddress {
  readonly url: string
  readonly superuser: Credentials
  readonly service: Credentials
}

export type TestPocketBase = RestartableServer & TestPocketBaseAddress

export interface TestPocketBaseOptions {
  /** Replace the project's own folders. */
  readonly migrationsDirectory?: string
  readonly hooksDirectory?: string
}

/** Starts a PocketBase of its own, empty but for the collections, the superuser and the service identity. */
export async function startTestPocketBase(options: TestPocketBaseOptions = {}): Promise<TestPocketBase> {
  const { first, control } = await startRestartable('pocketbase', async (server, environment) =>
    startPocketBase({
      ...server,
      ...options,
      binary: await findServerBinary('pocketbase', { environment, onLine: toStandardError }),
      superuser: { email: 'superuser@studio.test', password: 'superuser-password' },
      service: { email: 'asset-service@studio.test', password: 'service-password' },
    }),
  )
  return { ...control, superuser: first.superuser, service: first.service }
}
