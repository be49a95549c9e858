/** Keeps unfinished uploads for whoever is signed in, and goes on with those that were left: here, or on another device. */
import type { AppRouter } from '@studio/bff/router'
import { openBrowserPendingStores } from '@studio/upload-client/pending/browser-pending-stores'
import { randomKey } from '@studio/upload-client/queue/queued-file'
import type { TRPCClient } from '@trpc/client'
import { findUnfinished } from './unfinished-on-server.ts'
import type { PageUploads } from './upload-queue.ts'

export interface KeptUploads {
  /** From now on this person's; whatever others left in this browser is removed. */
  begin: (personId: string) => Promise<void>
  /** This person's uploads are not to be found here any more. */
  forget: (personId: string) => Promise<void>
}

export interface KeptUploadsOptions {
  uploads: PageUploads
  client: TRPCClient<AppRouter>
  /** Who is signed in now. */
  personId: () => string | undefined
}

/** Opens the browser's store. */
export function createKeptUploads({ uploads, client, personId }: KeptUploadsOptions): KeptUploads {
  const opening = openBrowserPendingStores(randomKey())
  return {
    async begin(id) {
      const store = (await opening)?.of(id)
      if (personId() !== id) return
      uploads.queue.keepIn(store)
      const [unfinished, known] = await Promise.all([
        // Nobody asked for this list: without it, uploads of this browser still go on.
        findUnfinished(client.files, Date.now()).catch(() => []),
        store?.keys() ?? new Set<string>(),
      ])
      if (personId() !== id) return
      uploads.queue.addFromElsewhere(unfinished.filter(({ idempotencyKey }) => !known.has(idempotencyKey)))
    },
    forget: async (id) => (await opening)?.of(id).forgetAll(),
  }
}
