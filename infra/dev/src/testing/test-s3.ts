/** An S3 server for tests. */

import { findServerBinary } from '../servers/find-server-binary.ts'
import { startVersitygw } from '../servers/versitygw.ts'
import { startRestartable, type RestartableServer } from './restartable-server.ts'
import { toStandardError } from './progress-line.ts'

export interface TestS3Address {
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export type TestS3 = RestartableServer & TestS3Address

/** Starts an empty S3 server of its own; the keys are those of its owner, who may do everything. */
export async function startTestS3(): Promise<TestS3> {
  const { first, control } = await startRestartable('s3', async (options, environment) =>
    startVersitygw({
      ...options,
      binary: await findServerBinary('versitygw', { environment, onLine: toStandardError }),
      accessKeyId: 'test-access-key',
      secretAccessKey: 'test-secret-key',
      region: 'us-east-1',
    }),
  )
  const { url, region, accessKeyId, secretAccessKey } = first
  return { ...control, endpoint: url, region, accessKeyId, secretAccessKey }
}
