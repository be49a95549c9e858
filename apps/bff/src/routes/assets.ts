/** Assets and the files behind them, many at a time. */
import { z } from 'zod'
import { assetIdSchema, assetRecordSchema, assetSchema, type AssetId } from '@studio/contracts/asset'
import { fileRecordSchema, fileSchema } from '@studio/contracts/file'
import { ASSETS_MAX_ITEMS } from '@studio/contracts/limits'
import { compareFiles } from '../file-order.ts'
import { procedure, router } from '../trpc.ts'

const assetIdsSchema = z.object({ assetIds: z.array(assetIdSchema).max(ASSETS_MAX_ITEMS) })

/** In the order of the ids asked for, each once. */
function inOrderOf<Found extends { id: AssetId }>(ids: readonly AssetId[], found: readonly Found[]): Found[] {
  const byId = new Map(found.map((item) => [item.id, item]))
  return [...new Set(ids)].flatMap((id) => byId.get(id) ?? [])
}

export const assets = router({
  byIds: procedure
    .input(assetIdsSchema)
    .output(z.array(assetSchema))
    .query(async ({ ctx: { caller }, input, signal }) => {
      const found = await caller.records.all({
        collection: 'assets',
        schema: assetRecordSchema,
        by: { field: 'id', ids: input.assetIds },
        signal,
      })
      caller.targets.saw('assets', found)
      return inOrderOf(input.assetIds, found)
    }),

  files: procedure
    .input(assetIdsSchema)
    .output(z.array(fileSchema))
    .query(async ({ ctx: { caller }, input, signal }) => {
      const found = await caller.records.all({
        collection: 'view_asset_files',
        schema: fileRecordSchema,
        by: { field: 'asset', ids: input.assetIds },
        signal,
      })
      return found.toSorted(compareFiles)
    }),
})
