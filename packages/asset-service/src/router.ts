/** The Asset Service's API: one line a procedure, one use-case behind each. */
import { resolvedUrlsSchema, resolveUrlsSchema } from '@studio/contracts/delivery'
import { inlineUploadSchema } from '@studio/contracts/inline-upload'
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
import {
  copyFileSchema,
  fileChangeSchema,
  fileFatesSchema,
  fileIdsSchema,
  filePlacesSchema,
  importedFileSchema,
  importReferenceSchema,
  importUrlSchema,
  listTrashSchema,
  trashSchema,
} from '@studio/contracts/file-life'
import {
  duplicateOffersSchema,
  findDuplicatesSchema,
  listPendingSchema,
  pendingUploadsSchema,
  projectReferenceSchema,
  projectStorageSchema,
} from '@studio/contracts/pending-upload'
import { router, scopedProcedure } from './trpc.ts'

export const assetServiceRouter = router({
  uploads: router({
    begin: scopedProcedure('files:write')
      .input(beginUploadSchema)
      .output(begunUploadSchema)
      .mutation(({ ctx, input }) => ctx.service.beginUpload(ctx.actor, input)),
    putInline: scopedProcedure('files:write')
      .input(inlineUploadSchema)
      .output(storedFileSchema)
      .mutation(({ ctx, input }) => ctx.service.putInline(ctx.actor, input)),
    signParts: scopedProcedure('files:write')
      .input(signPartsSchema)
      .output(signedPartsSchema)
      .mutation(({ ctx, input }) => ctx.service.signParts(ctx.actor, input)),
    listParts: scopedProcedure('files:write')
      .input(uploadReferenceSchema)
      .output(uploadedPartsSchema)
      .query(({ ctx, input }) => ctx.service.listParts(ctx.actor, input)),
    listPending: scopedProcedure('files:write')
      .input(listPendingSchema)
      .output(pendingUploadsSchema)
      .query(({ ctx, input }) => ctx.service.listPending(ctx.actor, input)),
    findDuplicates: scopedProcedure('files:write')
      .input(findDuplicatesSchema)
      .output(duplicateOffersSchema)
      .query(({ ctx, input }) => ctx.service.findDuplicates(ctx.actor, input)),
    complete: scopedProcedure('files:write')
      .input(completeUploadSchema)
      .output(storedFileSchema)
      .mutation(({ ctx, input }) => ctx.service.completeUpload(ctx.actor, input)),
    abort: scopedProcedure('files:write')
      .input(uploadReferenceSchema)
      .output(abortedUploadSchema)
      .mutation(({ ctx, input }) => ctx.service.abortUpload(ctx.actor, input)),
  }),
  files: router({
    places: scopedProcedure('files:read')
      .input(fileIdsSchema)
      .output(filePlacesSchema)
      .query(({ ctx, input }) => ctx.service.findPlaces(ctx.actor, input)),
    trash: scopedProcedure('files:write')
      .input(fileChangeSchema)
      .output(fileFatesSchema)
      .mutation(({ ctx, input }) => ctx.service.trashFiles(ctx.actor, input)),
    restore: scopedProcedure('files:write')
      .input(fileChangeSchema)
      .output(fileFatesSchema)
      .mutation(({ ctx, input }) => ctx.service.restoreFiles(ctx.actor, input)),
    purge: scopedProcedure('files:write')
      .input(fileChangeSchema)
      .output(fileFatesSchema)
      .mutation(({ ctx, input }) => ctx.service.purgeFiles(ctx.actor, input)),
    copy: scopedProcedure('files:write')
      .input(copyFileSchema)
      .output(storedFileSchema)
      .mutation(({ ctx, input }) => ctx.service.copyFile(ctx.actor, input)),
    importUrl: scopedProcedure('files:write')
      .input(importUrlSchema)
      .output(importedFileSchema)
      .mutation(({ ctx, input }) => ctx.service.importUrl(ctx.actor, input)),
    importStatus: scopedProcedure('files:read')
      .input(importReferenceSchema)
      .output(importedFileSchema)
      .query(({ ctx, input }) => ctx.service.importStatus(ctx.actor, input)),
    listTrash: scopedProcedure('files:read')
      .input(listTrashSchema)
      .output(trashSchema)
      .query(({ ctx, input }) => ctx.service.listTrash(ctx.actor, input)),
  }),
  projects: router({
    storage: scopedProcedure('files:read')
      .input(projectReferenceSchema)
      .output(projectStorageSchema)
      .query(({ ctx, input }) => ctx.service.projectStorage(input)),
  }),
  delivery: router({
    resolveUrls: scopedProcedure('files:read')
      .input(resolveUrlsSchema)
      .output(resolvedUrlsSchema)
      .query(({ ctx, input }) => ctx.service.resolveUrls(ctx.actor, input)),
  }),
})

export type AssetServiceRouter = typeof assetServiceRouter
