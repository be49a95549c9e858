/** Short-lived URLs for all files on a screen, in one call, renewed before they end. */
import type { Disposition, ResolvedUrl } from '@studio/contracts/delivery'
import type { FileId } from '@studio/contracts/file'
import { URLS_MAX_ITEMS } from '@studio/contracts/limits'
import { keepPreviousData, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { trpc } from '../../trpc.ts'
import { createRenewals, type Renewals } from './renew-urls.ts'
import { chunksOf, nextUrlRefresh, planUrlRefresh, type KnownUrls } from './plan-url-refresh.ts'

const NO_URLS: KnownUrls = {}

function urlsKey(disposition: Disposition): string[] {
  return ['files', 'urls', disposition]
}

/** Everything that any screen has been told and has not forgotten yet; the longest-lived answer wins. */
function knownUrls(queryClient: QueryClient, disposition: Disposition): KnownUrls {
  const known: Record<string, ResolvedUrl> = {}
  for (const [, urls] of queryClient.getQueriesData<KnownUrls>({ queryKey: urlsKey(disposition) })) {
    for (const [id, answer] of Object.entries(urls ?? NO_URLS)) {
      const other = known[id]
      if (other?.status === 'ok' && answer.status === 'ok' && other.expiresAt >= answer.expiresAt) continue
      if (other?.status === 'ok' && answer.status === 'error') continue
      known[id] = answer
    }
  }
  return known
}

/** `null`: there is none to be had right now. Not there at all: it is still being asked for. */
export type FileUrls = ReadonlyMap<FileId, string | null>

/** How soon to try again when the call itself failed. */
const RETRY_MS = 5_000

/**
 * The URLs of these files. A new id asks for its own URL alone, and a URL stays the same until it has to be renewed,
 * so pictures are not loaded anew.
 */
export function useFileUrls(fileIds: readonly FileId[], disposition: Disposition = 'inline'): FileUrls {
  const queryClient = useQueryClient()
  const { client } = trpc.useUtils()
  const joined = [...new Set(fileIds)].sort().join(' ')
  const ids = useMemo(() => (joined === '' ? [] : (joined.split(' ') as FileId[])), [joined])

  const { data, isError } = useQuery({
    queryKey: [...urlsKey(disposition), joined],
    enabled: ids.length > 0,
    queryFn: async ({ signal }): Promise<KnownUrls> => {
      const { keep, ask } = planUrlRefresh(ids, knownUrls(queryClient, disposition), Date.now())
      const answers = await Promise.all(
        chunksOf(ask, URLS_MAX_ITEMS).map((chunk) =>
          client.files.urls.query({ items: chunk.map((fileId) => ({ fileId, disposition })) }, { signal }),
        ),
      )
      const asked = answers.flatMap(({ items }) => items.map((item) => [item.fileId, item] as const))
      return { ...keep, ...Object.fromEntries(asked) }
    },
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) =>
      state.status === 'error' ? RETRY_MS : nextUrlRefresh(state.data ?? NO_URLS, Date.now()),
    // A tab that was hidden has not renewed anything; this asks only for what ran out.
    refetchOnWindowFocus: 'always',
  })

  return useMemo(() => {
    const urls = new Map<FileId, string | null>(isError ? ids.map((id) => [id, null]) : [])
    for (const answer of Object.values(data ?? NO_URLS)) {
      urls.set(answer.fileId, answer.status === 'ok' ? answer.url : null)
    }
    return urls
  }, [data, isError, ids])
}

function forgetUrls(queryClient: QueryClient, fileIds: readonly FileId[]): void {
  const queryKey = urlsKey('inline')
  const forgotten = new Set<string>(fileIds)
  queryClient.setQueriesData<KnownUrls>(
    { queryKey },
    (urls) => urls && Object.fromEntries(Object.entries(urls).filter(([id]) => !forgotten.has(id))),
  )
  void queryClient.invalidateQueries({ queryKey })
}

/** One for the page: a store that is away breaks all pictures of a screen at once. */
const renewalsOf = new WeakMap<QueryClient, Renewals>()

/** For when a URL does not serve although it should: has it forgotten, so that a new one is asked for. */
export function useRenewUrl(): Renewals {
  const queryClient = useQueryClient()
  const known = renewalsOf.get(queryClient)
  if (known !== undefined) return known
  const renewals = createRenewals((fileIds) => forgetUrls(queryClient, fileIds))
  renewalsOf.set(queryClient, renewals)
  return renewals
}
