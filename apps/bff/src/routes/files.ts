/** Files: what a project has, how bytes get in, and the short-lived addresses to read them at. */
import { z } from 'zod'
import { resolvedUrlsSchema, resolveUrlsSchema } from '@studio/contracts/delivery'
import { fileRecordSchema, fileSchema } from '@studio/contracts/file'
import { inlineUploadSchema } from '@studio/contracts/inline-upload'
import {
  duplicateOffersSchema,
  findDuplicatesSchema,
  listPendingSchema,
  pendingUploadsSchema,
} from '@studio/contracts/pending-upload'
import { projectIdSchema } from '@studio/contracts/project'
import {
  abortedUploadSchema,
  beginUploadSchema,
  begunUploadSchema,
  completeUploadSchema,
  signedPartsSchema,
  signPartsSchema,
  storedFileSchema,
  uploadedPartsSchema,
  uploadReferenceSchema,
} from '@studio/contracts/upload'
import { compareFiles } from '../file-order.ts'
import { resolveVisibleUrls } from '../resolve-visible-urls.ts'
import { procedure, router } from '../trpc.ts'
import { fileLife } from './file-life.ts'

export const files = router({
  list: procedure
    .input(z.object({ projectId: projectIdSchema }))
    .output(z.array(fileSchema))
    .query(async ({ ctx: { caller }, input, signal }) => {
      const found = await caller.records.all({
        collection: 'files',
        schema: fileRecordSchema,
        by: { field: 'project', ids: [input.projectId] },
        signal,
      })
      // An unknown project is an error and not an empty screen.
      if (found.length === 0) await caller.targets.require(input)
      return found.toSorted(compareFiles)
    }),

  begin: procedure
    .input(beginUploadSchema)
    .output(begunUploadSchema)
    .mutation(async ({ ctx: { caller }, input, signal }) => {
      await caller.targets.require(input)
      return caller.files.begin(input, signal)
    }),

  uploadInline: procedure
    .input(inlineUploadSchema)
    .output(storedFileSchema)
    .mutation(async ({ ctx: { caller }, input, signal }) => {
      await caller.targets.require(input.request)
      return caller.files.putInline(input, signal)
    }),

  // An upload is its beginner's alone: the Asset Service answers anybody else that there is none.
  signParts: procedure
    .input(signPartsSchema)
    .output(signedPartsSchema)
    .mutation(({ ctx: { caller }, input, signal }) => caller.files.signParts(input, signal)),

  listParts: procedure
    .input(uploadReferenceSchema)
    .output(uploadedPartsSchema)
    .query(({ ctx: { caller }, input, signal }) => caller.files.listParts(input, signal)),

  // The person's own, wherever they began them.
  pending: procedure
    .input(listPendingSchema)
    .output(pendingUploadsSchema)
    .query(({ ctx: { caller }, input, signal }) => caller.files.listPending(input, signal)),

  findDuplicates: procedure
    .input(findDuplicatesSchema)
    .output(duplicateOffersSchema)
    .query(async ({ ctx: { caller }, input, signal }) => {
      await caller.targets.require({ projectId: input.projectId })
      return caller.files.findDuplicates(input, signal)
    }),

  complete: procedure
    .input(completeUploadSchema)
    .output(storedFileSchema)
    .mutation(({ ctx: { caller }, input, signal }) => caller.files.complete(input, signal)),

  abort: procedure
    .input(uploadReferenceSchema)
    .output(abortedUploadSchema)
    .mutation(({ ctx: { caller }, input, signal }) => caller.files.abort(input, signal)),

  urls: procedure
    .input(resolveUrlsSchema)
    .output(resolvedUrlsSchema)
    .query(async ({ ctx: { caller }, input, signal }) => ({
      items: await resolveVisibleUrls(caller, input.items, signal),
    })),

  ...fileLife,
})
