/** Makes each service of the page once, ties them together, and provides them to the screens. */
import type { RuntimeConfig } from '@studio/contracts/runtime-config'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { getQueryKey } from '@trpc/react-query'
import { Tooltip } from 'radix-ui'
import { StrictMode } from 'react'
import { keepFresh } from './features/session/keep-fresh.ts'
import { createSession, SessionContext } from './features/session/session.ts'
import { createKeptUploads } from './features/uploads/kept-uploads.ts'
import { discardUnfinished } from './features/uploads/unfinished-on-server.ts'
import { createPageUploadClient } from './features/uploads/upload-files.ts'
import { createPageUploads, UploadQueueContext } from './features/uploads/upload-queue.ts'
import { createPocketBase, PocketBaseContext } from './pocketbase.ts'
import { createRealtime, RealtimeContext } from './realtime.ts'
import { createStudioRouter } from './router.tsx'
import type { RuntimeConfigCache } from './runtime-config.ts'
import { ALONE, createQueryClient, createTrpcClient, trpc } from './trpc.ts'
import { Announcer } from './ui/announcer.tsx'
import { clearNotices, Notices } from './ui/notices.tsx'

/** Tooltips come at once where one was shown a moment ago, otherwise they wait until the pointer rests. */
const TOOLTIP_DELAY_MS = 450

/** Makes the services. */
export function createStudio(initialConfig: RuntimeConfig, configCache: RuntimeConfigCache) {
  let config = initialConfig
  const queryClient = createQueryClient()

  async function onUnreachable(): Promise<void> {
    config = (await configCache.refresh()) ?? config
    pocketBase.baseURL = config.pocketbaseUrl
  }

  const pocketBase = createPocketBase({
    url: config.pocketbaseUrl,
    onUnreachable: () => void onUnreachable(),
  })
  const session = createSession(pocketBase)
  const realtime = createRealtime({
    pocketBase,
    // Events that were missed are not told again: read everything shown anew.
    onReconnect: () => void queryClient.invalidateQueries(),
    onLost: () => void onUnreachable(),
  })
  const readToken = () => pocketBase.authStore.token
  const client = createTrpcClient({
    readToken,
    onUnauthenticated: session.expire,
    onUnreachable: () => void onUnreachable(),
  })
  const uploads = createPageUploads({
    client: createPageUploadClient({ client, readToken, config: () => config }),
    discard: ({ idempotencyKey }) => discardUnfinished(client.files, idempotencyKey),
    findDuplicates: (question) => client.files.findDuplicates.query(question, { context: ALONE }),
    fileMaxBytes: () => config.fileMaxBytes,
    // While live, the news of the file's record brings it; otherwise somebody has to ask.
    onStored: (projectId) => {
      if (realtime.status.getState().state === 'live') return
      void queryClient.invalidateQueries({ queryKey: getQueryKey(trpc.files.list, { projectId }, 'query') })
    },
  })

  const personId = () => session.store.getState().person?.id
  const kept = createKeptUploads({ uploads, client, personId })
  const signedIn = personId()
  if (signedIn !== undefined) void kept.begin(signedIn)

  // Nothing of one person is left for the next. Before the router, which shows the next screen.
  session.store.subscribe(({ person, ended }, before) => {
    if (person?.id === before.person?.id) return
    uploads.clear()
    if (person !== null) void kept.begin(person.id)
    // Whose session has run out comes back; who signs out does not mean to.
    else if (before.person !== null && ended === 'signed-out') void kept.forget(before.person.id)
    queryClient.clear()
    realtime.reset()
    clearNotices()
  })
  const router = createStudioRouter(session)
  keepFresh(session)
  return { queryClient, pocketBase, session, realtime, client, uploads, router }
}

export type Studio = ReturnType<typeof createStudio>

export function StudioApp({ studio }: { studio: Studio }) {
  return (
    <StrictMode>
      <PocketBaseContext value={studio.pocketBase}>
        <RealtimeContext value={studio.realtime}>
          <SessionContext value={studio.session}>
            <trpc.Provider client={studio.client} queryClient={studio.queryClient}>
              <QueryClientProvider client={studio.queryClient}>
                <UploadQueueContext value={studio.uploads}>
                  <Tooltip.Provider delayDuration={TOOLTIP_DELAY_MS}>
                    <RouterProvider router={studio.router} />
                    <Notices />
                    <Announcer />
                  </Tooltip.Provider>
                </UploadQueueContext>
              </QueryClientProvider>
            </trpc.Provider>
          </SessionContext>
        </RealtimeContext>
      </PocketBaseContext>
    </StrictMode>
  )
}
