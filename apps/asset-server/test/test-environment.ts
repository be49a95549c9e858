/** The environment of an Asset Service over the test run's servers, with a database and a bucket of its own. */
import type {} from '@studio/dev/testing/global-pocketbase'
import type {} from '@studio/dev/testing/global-postgres'
import type {} from '@studio/dev/testing/global-s3'
import { createTestDatabase } from '@studio/dev/testing/test-postgres'
import { inject } from 'vitest'
import type { TestIssuer } from './test-issuer.ts'

export type Variables = Record<string, string>

/** Variables as the supervisor or an operator would set them. */
export async function createTestEnvironment(issuer: TestIssuer): Promise<Variables> {
  const s3 = inject('testS3')
  const pocketbase = inject('testPocketBase')
  return {
    ASSET_SERVER_PORT: '0',
    ALLOWED_ORIGINS: 'http://web.studio.test',
    TRUSTED_ISSUERS: JSON.stringify([{ issuer: issuer.issuer, jwksUrl: issuer.jwksUrl }]),
    DATABASE_URL: await createTestDatabase(inject('testPostgres').url),
    DATABASE_MAX_CONNECTIONS: '5',
    OBJECT_STORE: 's3',
    S3_ENDPOINT: s3.endpoint,
    S3_REGION: s3.region,
    S3_BUCKET: `test-${crypto.randomUUID()}`,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
    POCKETBASE_URL: pocketbase.url,
    POCKETBASE_SERVICE_EMAIL: pocketbase.service.email,
    POCKETBASE_SERVICE_PASSWORD: pocketbase.service.password,
    LOG_LEVEL: 'silent',
  }
}
