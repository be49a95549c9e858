/** The three servers under the apps, each behind a line that breaks and a proxy that sees every effect. */
import { startTestPocketBase, type TestPocketBase } from '@studio/dev/testing/test-pocketbase'
import { startTestPostgres, type TestPostgres } from '@studio/dev/testing/test-postgres'
import { startTestS3, type TestS3 } from '@studio/dev/testing/test-s3'
import { startBreakingLine, type BreakingLine } from './breaking-line.ts'
import { createEffects, type Effects } from './effects.ts'
import { startHttpEffects } from './http-effects.ts'
import { startPostgresEffects } from './postgres-effects.ts'

/** `s3-public` is how clients reach the object store, `s3` how the Asset Service does. */
export type LineName = 'postgres' | 's3' | 's3-public' | 'pocketbase'

export interface BrokenServers {
  readonly postgres: TestPostgres
  readonly s3: TestS3
  readonly pocketbase: TestPocketBase
  readonly effects: Effects
  readonly lines: Readonly<Record<LineName, BreakingLine>>
  dispose(): Promise<void>
}

export interface BrokenServersOptions {
  /** In place of the usual S3 server. */
  readonly startS3?: () => Promise<TestS3>
}

/** Starts everything, with nothing broken yet. */
export async function startBrokenServers({
  startS3 = startTestS3,
}: BrokenServersOptions = {}): Promise<BrokenServers> {
  const [postgres, s3, pocketbase] = await Promise.all([
    startTestPostgres(),
    startS3(),
    startTestPocketBase(),
  ])
  const effects = createEffects()
  const proxies = await Promise.all([
    startPostgresEffects({ effects, targetPort: postgres.port }),
    startHttpEffects({ effects, line: 's3', targetPort: () => s3.port }),
    startHttpEffects({ effects, line: 'pocketbase', targetPort: () => pocketbase.port }),
  ])
  const [postgresProxy, s3Proxy, pocketbaseProxy] = proxies
  const lines = {
    postgres: await startBreakingLine(postgresProxy.port),
    s3: await startBreakingLine(s3Proxy.port),
    's3-public': await startBreakingLine(s3Proxy.port),
    pocketbase: await startBreakingLine(pocketbaseProxy.port),
  }
  return {
    postgres,
    s3,
    pocketbase,
    effects,
    lines,
    dispose: async () => {
      await Promise.all(Object.values(lines).map((line) => line.close()))
      await Promise.all(proxies.map((proxy) => proxy.close()))
      await Promise.all([postgres, s3, pocketbase].map((server) => server.dispose()))
    },
  }
}
