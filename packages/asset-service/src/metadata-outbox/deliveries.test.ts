/** Deliveries that nobody waits for: how many at once, and what happens to those beyond. */
import { expect, test } from 'vitest'
import type { OutboxEntry } from '../ports/metadata-outbox.ts'
import { serviceForEachTest } from '../testing/service-for-each-test.ts'
import { textBytes } from '../testing/service-under-test.ts'
import { createDeliveries } from './deliveries.ts'

const AT_ONCE = 16
const tested = serviceForEachTest()

/** Deliveries of one file to a PocketBase that answers when it is let. */
async function hold() {
  const bytes = textBytes('one file')
  const { fileId } = await tested.service.putInline(tested.actor, {
    request: tested.requestFor(bytes),
    bytes,
  })
  const row = await tested.ports.registry.findUpload(fileId, tested.actor)
  if (row === undefined) throw new Error('no row')
  const entry: OutboxEntry = { id: '0', kind: 'create', row, attempts: 0 }
  const letGo: (() => void)[] = []
  const metadata = {
    ...tested.ports.metadata,
    createIfAbsent: async (given: OutboxEntry['row']) => {
      await new Promise<void>((resolve) => letGo.push(resolve))
      await tested.ports.metadata.createIfAbsent(given)
    },
  }
  return { entry, letGo, deliveries: createDeliveries({ ...tested.ports, metadata }) }
}

test('so many are begun at once, and the next when one has ended', async () => {
  const { entry, letGo, deliveries } = await hold()
  for (let n = 0; n < AT_ONCE; n += 1) await deliveries.begin(entry)
  const next = deliveries.begin(entry)
  expect(letGo).toHaveLength(AT_ONCE)
  letGo[0]?.()
  await next
  expect(letGo).toHaveLength(AT_ONCE + 1)
  for (const end of letGo) end()
  await deliveries.settled()
  expect(tested.backgroundErrors).toEqual([])
})

test('whose turn does not come is left to the outbox', async () => {
  const { entry, letGo, deliveries } = await hold()
  for (let n = 0; n < AT_ONCE; n += 1) await deliveries.begin(entry)
  await deliveries.begin(entry)
  for (const end of letGo) end()
  await deliveries.settled()
  expect(letGo).toHaveLength(AT_ONCE)
})

test('a file that is answered before its record has one soon, and is answered the same again', async () => {
  const bytes = textBytes('soon')
  const upload = { request: tested.requestFor(bytes), bytes }
  const { fileId, record } = await tested.service.putInline(tested.actor, upload)
  expect(record).toBe('pending')
  await tested.service.deliveriesSettled()
  expect(await tested.studio.findRecord(fileId)).toMatchObject({ id: fileId })
  expect(await tested.service.putInline(tested.actor, upload)).toMatchObject({ fileId, record: 'written' })
})
