/** What people do with files that are stored: trash and back, copies, and files fetched from elsewhere. */
import {
  copyFileSchema,
  fileFatesSchema,
  fileIdsSchema,
  importedFileSchema,
  importReferenceSchema,
  importUrlSchema,
  listTrashSchema,
  trashSchema,
} from '@studio/contracts/file-life'
import { StudioError } from '@studio/contracts/studio-error'
import { storedFileSchema } from '@studio/contracts/upload'
import { changeFiles } from '../change-files.ts'
import { procedure } from '../trpc.ts'

/** Procedures of the `files` router. */
export const fileLife = {
  trash: procedure
    .input(fileIdsSchema)
    .output(fileFatesSchema)
    .mutation(({ ctx: { caller }, input: { fileIds }, signal }) =>
      changeFiles(caller, { fileIds, signal, change: caller.files.trash }),
    ),

  restore: procedure
    .input(fileIdsSchema)
    .output(fileFatesSchema)
    .mutation(({ ctx: { caller }, input: { fileIds }, signal }) =>
      changeFiles(caller, { fileIds, signal, change: caller.files.restore }),
    ),

  purge: procedure
    .input(fileIdsSchema)
    .output(fileFatesSchema)
    .mutation(({ ctx: { caller }, input: { fileIds }, signal }) =>
      changeFiles(caller, { fileIds, signal, change: caller.files.purge }),
    ),

  listTrash: procedure
    .input(listTrashSchema)
    .output(trashSchema)
    .query(async ({ ctx: { caller }, input, signal }) => {
      await caller.targets.require(input)
      return caller.files.listTrash(input, signal)
    }),

  copy: procedure
    .input(copyFileSchema)
    .output(storedFileSchema)
    .mutation(async ({ ctx: { caller }, input, signal }) => {
      await caller.targets.require(input.target)
      const seen = await caller.records.visible({ collection: 'files', ids: [input.fileId], signal })
      if (!seen.has(input.fileId)) throw new StudioError('FILE_NOT_FOUND')
      return caller.files.copy(input, signal)
    }),

  importUrl: procedure
    .input(importUrlSchema)
    .output(importedFileSchema)
    .mutation(async ({ ctx: { caller }, input, signal }) => {
      await caller.targets.require(input.target)
      return caller.files.importUrl(input, signal)
    }),

  // An import is its beginner's alone: the Asset Service answers anybody else that there is none.
  importStatus: procedure
    .input(importReferenceSchema)
    .output(importedFileSchema)
    .query(({ ctx: { caller }, input, signal }) => caller.files.importStatus(input, signal)),
}
