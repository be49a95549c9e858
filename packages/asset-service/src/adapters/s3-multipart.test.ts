/** The S3 adapter passes the multipart conformance suite. */
import { inject } from 'vitest'
import type {} from '@studio/dev/testing/global-s3'
import { describeMultipart } from '../conformance/multipart-conformance.ts'
import { openObjectStore } from './open-object-store.ts'

describeMultipart('S3', async () => {
  const s3 = inject('testS3')
  const opened = await openObjectStore({
    kind: 's3',
    settings: {
      S3_ENDPOINT: s3.endpoint,
      S3_REGION: s3.region,
      S3_BUCKET: `test-${crypto.randomUUID()}`,
      S3_ACCESS_KEY_ID: s3.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
    },
  })
  await opened.store.prepare({ allowedOrigins: [] })
  const { store, multipart, close } = opened
  if (multipart === undefined) throw new Error('S3 has multipart uploads')
  return { store, multipart, close }
})
