/** Trash, restore and purge whose process dies between any two effects: the outbox and a second try settle what is left. */
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import type { FileId } from '@studio/contracts/file'
import type { Ports } from '../ports/ports.ts'
import { fusePorts } from '../testing/fuse.ts'
import { serviceForEachTest } from '../testing/service-for-each-test.ts'
import { putDirect, textBytes } from '../testing/service-under-test.ts'
import { purgeFiles, restoreFiles, trashFiles } from './change-files.ts'
import { objectKey } from './object-key.ts'
import { purgeDue } from './purge-due.ts'

const tested = serviceForEachTest()

const store = async (): Promise<FileId> => {
  const bytes = textBytes(crypto.randomUUID())
  const begun = await tested.service.beginUpload(tested.actor, tested.requestFor(bytes))
  await putDirect(begun, bytes)
  return (await tested.service.completeUpload(tested.actor, begun)).fileId
}
const asked = (...fileIds: FileId[]) => ({ fileIds, projectIds: [tested.studio.projectId] })
const trash = (fileId: FileId) => tested.service.trashFiles(tested.actor, asked(fileId))
const settle = async (): Promise<void> => {
  await tested.makeOutboxDue()
  while ((await tested.service.deliverDue()) > 0) await tested.makeOutboxDue()
}

describe.each(['before', 'after'] as const)('a crash %s any effect', (moment) => {
  interface Act {
    prepare: (fileId: FileId) => Promise<unknown>
    run: (ports: Ports, fileId: FileId) => Promise<unknown>
    state: 'ready' | 'trashed' | 'purged'
    effects: number
  }
  const acts: Record<string, Act> = {
    trash: {
      prepare: async () => undefined,
      run: (ports, id) => trashFiles(ports, tested.actor, asked(id)),
      state: 'trashed',
      effects: 4,
    },
    restore: {
      prepare: trash,
      run: (ports, id) => restoreFiles(ports, tested.actor, asked(id)),
      state: 'ready',
      effects: 4,
    },
    purge: {
      prepare: trash,
      run: (ports, id) => purgeFiles(ports, tested.actor, asked(id)),
      state: 'purged',
      effects: 6,
    },
    'purge of what is due': {
      prepare: async (id) => {
        await trash(id)
        await tested.run(sql`update files set purge_at = now() - interval '1 day' where id = ${id}`)
      },
      run: (ports) => purgeDue(ports),
      state: 'purged',
      effects: 4,
    },
  }

  test.each(Object.entries(acts))(
    'of a %s leaves what the outbox and a second try settle',
    { timeout: 120_000 },
    async (_name, act) => {
      for (let effect = 0; ; effect += 1) {
        const fileId = await store()
        await act.prepare(fileId)
        const fused = fusePorts(tested.ports, { effect, moment })
        await act.run(fused.ports, fileId).catch(() => undefined)
        // Whether the change has happened is known by the row alone; what it owes is delivered without a second call.
        const [before] = await tested.ports.life.standings([fileId])
        await settle()
        expect((await tested.studio.findRecord(fileId)) !== undefined).toBe(before?.state === 'ready')
        expect((await tested.listKeys()).includes(objectKey(fileId))).toBe(before?.state !== 'purged')
        await act.run(tested.ports, fileId)
        await settle()
        const [standing] = await tested.ports.life.standings([fileId])
        expect(standing?.state).toBe(act.state)
        expect((await tested.studio.findRecord(fileId)) !== undefined).toBe(act.state === 'ready')
        expect((await tested.listKeys()).includes(objectKey(fileId))).toBe(act.state !== 'purged')
        expect(await tested.countRows()).not.toHaveProperty('outbox')
        if (fused.isBlown()) continue
        expect(effect).toBe(act.effects)
        return
      }
    },
  )
})
