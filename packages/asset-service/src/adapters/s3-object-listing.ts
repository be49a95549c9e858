/** Lists an S3 bucket's objects and unfinished multipart uploads. */
import {
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  type ListMultipartUploadsCommandInput,
  type ListMultipartUploadsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3'
import { StudioError } from '@studio/contracts/studio-error'
import type { ListedMultipart, ListedObject, ListObjects, ObjectListing } from '../ports/object-listing.ts'

export interface S3ListingOptions {
  client: S3Client
  bucket: string
}

async function ask<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request()
  } catch (cause) {
    throw new StudioError('STORE_UNAVAILABLE', { cause })
  }
}

/** The end is where `IsTruncated` says so: some servers name a next marker on the last page too, for ever. */
async function* listObjects(
  { client, bucket }: S3ListingOptions,
  { prefix, pageSize }: ListObjects,
): AsyncGenerator<ListedObject[]> {
  let from: { ContinuationToken?: string | undefined } = {}
  for (;;) {
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: pageSize, ...from })
    const answer = await ask(() => client.send(command))
    yield (answer.Contents ?? []).flatMap(({ Key, Size, LastModified }) =>
      Key === undefined ? [] : [{ key: Key, size: Size ?? 0, lastModified: LastModified ?? new Date() }],
    )
    if (answer.IsTruncated !== true) return
    from = { ContinuationToken: answer.NextContinuationToken }
  }
}

interface MultipartMarker {
  KeyMarker?: string | undefined
  UploadIdMarker?: string | undefined
}

const REFUSED = Symbol('the upload id is not taken as a marker')

/**
 * An upload may end between two pages, and some servers then refuse its id as a marker; versitygw 1.8.0 does so as well with
 * one that it named itself, where a page ends between two uploads of one key.
 */
async function askForUploads(
  { client, bucket }: S3ListingOptions,
  query: Omit<ListMultipartUploadsCommandInput, 'Bucket'>,
): Promise<ListMultipartUploadsCommandOutput | typeof REFUSED> {
  return ask(async () => {
    try {
      return await client.send(new ListMultipartUploadsCommand({ ...query, Bucket: bucket }))
    } catch (error) {
      const isRefused = error instanceof Error && error.name === 'InvalidArgument'
      if (isRefused && query.UploadIdMarker !== undefined) return REFUSED
      throw error
    }
  })
}

function listedOf({ Uploads = [] }: ListMultipartUploadsCommandOutput): ListedMultipart[] {
  return Uploads.flatMap(({ Key, UploadId, Initiated }) =>
    Key === undefined || UploadId === undefined
      ? []
      : [{ key: Key, multipartId: UploadId, initiatedAt: Initiated ?? new Date() }],
  )
}

/** What a page that ended within a key's uploads left of them; a key with more than a page of uploads has no such rest. */
async function restOfKey(
  options: S3ListingOptions,
  key: string,
  page: readonly ListedMultipart[],
): Promise<ListedMultipart[]> {
  const answer = await askForUploads(options, { Prefix: key })
  if (answer === REFUSED) return []
  const seen = new Set(page.map(({ multipartId }) => multipartId))
  return listedOf(answer).filter((upload) => upload.key === key && !seen.has(upload.multipartId))
}

async function* listMultiparts(
  options: S3ListingOptions,
  { prefix, pageSize }: ListObjects,
): AsyncGenerator<ListedMultipart[]> {
  let from: MultipartMarker = {}
  let page: ListedMultipart[] = []
  for (;;) {
    const answer = await askForUploads(options, { Prefix: prefix, MaxUploads: pageSize, ...from })
    if (answer === REFUSED) {
      const { KeyMarker } = from
      yield await restOfKey(options, KeyMarker ?? '', page)
      from = { KeyMarker }
      continue
    }
    page = listedOf(answer)
    yield page
    if (answer.IsTruncated !== true) return
    from = { KeyMarker: answer.NextKeyMarker, UploadIdMarker: answer.NextUploadIdMarker }
  }
}

/** Lists one bucket. What has no date counts as new, so that nobody takes it for old. */
export function createS3Listing(options: S3ListingOptions): ObjectListing {
  return {
    objects: (query) => listObjects(options, query),
    multiparts: (query) => listMultiparts(options, query),
  }
}
