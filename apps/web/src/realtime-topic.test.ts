/** That our names of subscriptions are the SDK's own: otherwise they could not be taken back. */
import PocketBase from 'pocketbase'
import { describe, expect, it } from 'vitest'
import { topicKey } from './realtime-topic.ts'

/** What the SDK itself calls such a subscription. */
function keyOfSdk(collection: string, options?: { filter: string }): string | undefined {
  const pocketBase = new PocketBase('http://127.0.0.1:1')
  const { realtime } = pocketBase
  // The name is composed before the connection, which is not what is tried here.
  Object.defineProperty(realtime, 'connect', { value: async () => undefined })
  void pocketBase.collection(collection).subscribe('*', () => undefined, options)
  return Object.keys(Reflect.get(realtime, 'subscriptions'))[0]
}

describe('topicKey', () => {
  it('names a whole collection as the SDK does', () => {
    expect(topicKey({ collection: 'files' })).toBe(keyOfSdk('files'))
  })

  it('names a filtered collection as the SDK does', () => {
    const filter = 'project="abcdefghijklmno"||name~"é 🎬"'
    expect(topicKey({ collection: 'cards', filter })).toBe(keyOfSdk('cards', { filter }))
  })
})
