/** That our names of subscriptions are the SDK's own: otherwise they could not be taken back. */
import PocketBase from 'pocketbase'
import { describe, expect, it } from 'vitest'
import { topicKey } from './realtime-topic.ts'

/** What the SDK itself calls such a subscription. */
async function keyOfSdk(collection: string, options: { filter?: string }): Promise<string | undefined> {
  const pocketBase = new PocketBase('http://127.0.0.1:1')
  const { realtime } = pocketBase
  const named = Reflect.get(realtime, 'subscriptions') as Record<string, unknown>
  // There is no EventSource here, so connecting fails; the name is composed before that.
  void pocketBase.collection(collection).subscribe('*', () => undefined, options).catch(() => undefined)
  return Object.keys(named)[0]
}

describe('topicKey', () => {
  it('names a whole collection as the SDK does', async () => {
    expect(topicKey({ collection: 'files' })).toBe(await keyOfSdk('files', {}).then((key) => key?.split('?')[0]))
  })

  it('names a filtered collection as the SDK does', async () => {
    const filter = 'project="abcdefghijklmno"||name~"é 🎬"'
    expect(topicKey({ collection: 'cards', filter })).toBe(await keyOfSdk('cards', { filter }))
  })
})
