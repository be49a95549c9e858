/** The object store, looked at past the service. */
import { ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import type { TestS3Address } from '@studio/dev/testing/test-s3'

export interface StoreLook {
  keys(): Promise<string[]>
  /** Keys of multipart uploads that were neither assembled nor aborted. */
  unfinished(): Promise<string[]>
  /** The address that a stranger would try. */
  addressOf(key: string): string
  close(): void
}

export function openStoreLook(s3: TestS3Address, bucket: string): StoreLook {
  const { endpoint, region, accessKeyId, secretAccessKey } = s3
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  })
  return {
    keys: async () => {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
      return Contents.flatMap(({ Key }) => Key ?? [])
    },
    unfinished: async () => {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))
      return Uploads.flatMap(({ Key }) => Key ?? [])
    },
    addressOf: (key) => `${endpoint}/${bucket}/${key}`,
    close: () => client.destroy(),
  }
}
