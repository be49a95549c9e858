/** The Asset Service's API: one line a procedure, one use-case behind each. */
import { resolvedUrlsSchema, resolveUrlsSchema } from '@studio/contracts/delivery'
import {
  abortedUploadSchema,
  beginUploadSchema,
  begunUploadSchema,
  completeUploadSchema,
  inlineUploadSchema,
  signedPartsSchema,
  signPartsSchema,
  storedFileSchema,
  uploadedPartsSchema,
  uploadReferenceSchema,
} from '@studio/contracts/upload'
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
    complete: scopedProcedure('files:write')
      .input(completeUploadSchema)
      .output(storedFileSchema)
      .mutation(({ ctx, input }) => ctx.service.completeUpload(ctx.actor, input)),
    abort: scopedProcedure('files:write')
      .input(uploadReferenceSchema)
      .output(abortedUploadSchema)
      .mutation(({ ctx, input }) => ctx.service.abortUpload(ctx.actor, input)),
  }),
  delivery: router({
    resolveUrls: scopedProcedure('files:read')
      .input(resolveUrlsSchema)
      .output(resolvedUrlsSchema)
      .query(({ ctx, input }) => ctx.service.resolveUrls(ctx.actor, input)),
  }),
})

export type AssetServiceRouter = typeof assetServiceRouter
