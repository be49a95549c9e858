/** The files behind assets, kept true while others add to them. */
import type { AssetId } from '@studio/contracts/asset'
import { useMemo } from 'react'
import { coalesce } from '../../coalesce.ts'
import { useRealtimeTopic } from '../../realtime.ts'
import { trpc } from '../../trpc.ts'

/**
 * PocketBase's filters hold 200 expressions and 3,500 characters. Above that one hears of all files that one may
 * see, and picks out one's own.
 */
const FILTER_MAX_ASSETS = 100

/** Oldest first, of all these assets together. */
export function useAssetFiles(assetIds: readonly AssetId[]) {
  const utils = trpc.useUtils()
  const joined = [...new Set(assetIds)].sort().join(' ')
  const input = useMemo(() => ({ assetIds: joined === '' ? [] : (joined.split(' ') as AssetId[]) }), [joined])
  const refresh = useMemo(() => coalesce(() => utils.assets.files.invalidate(input)), [utils, input])
  const mine = useMemo(() => new Set<unknown>(input.assetIds), [input])

  const topic =
    mine.size > FILTER_MAX_ASSETS
      ? { collection: 'files' }
      : { collection: 'files', filter: input.assetIds.map((id) => `asset="${id}"`).join('||') }
  useRealtimeTopic(mine.size === 0 ? null : topic, {
    onEvent: ({ record }) => {
      if (mine.has(record['asset'])) refresh()
    },
    onLive: refresh,
  })
  return trpc.assets.files.useQuery(input, { enabled: mine.size > 0 })
}
