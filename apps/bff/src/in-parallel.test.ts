import { expect, it } from 'vitest'
import { inParallel } from './in-parallel.ts'

/** A promise for each item, settled by the test. */
function gates<Item>() {
  const open = new Map<Item, PromiseWithResolvers<string>>()
  const work = (item: Item) => {
    const gate = withResolvers<string>()
    open.set(item, gate)
    return gate.promise
  }
  return { open, work }
}

interface PromiseWithResolvers<Value> {
  promise: Promise<Value>
  resolve: (value: Value) => void
  reject: (reason: unknown) => void
}

function withResolvers<Value>(): PromiseWithResolvers<Value> {
  let resolve: (value: Value) => void = () => undefined
  let reject: (reason: unknown) => void = () => undefined
  const promise = new Promise<Value>((onValue, onReason) => {
    resolve = onValue
    reject = onReason
  })
  return { promise, resolve, reject }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

it('begins no more than the limit, and answers in the order of the items whatever ends first', async () => {
  const { open, work } = gates<number>()
  const all = inParallel([1, 2, 3], { limit: 2, work })
  expect([...open.keys()]).toEqual([1, 2])
  open.get(2)?.resolve('two')
  await settled()
  expect([...open.keys()]).toEqual([1, 2, 3])
  open.get(3)?.resolve('three')
  open.get(1)?.resolve('one')
  expect(await all).toEqual(['one', 'two', 'three'])
})

it('fails with the first failure and begins nothing after it', async () => {
  const { open, work } = gates<number>()
  const all = inParallel([1, 2, 3], { limit: 2, work })
  const failure = new Error('no')
  open.get(1)?.reject(failure)
  await expect(all).rejects.toBe(failure)
  open.get(2)?.resolve('two')
  await settled()
  expect([...open.keys()]).toEqual([1, 2])
})

it('has nothing to do for no items', async () => {
  expect(await inParallel([], { limit: 2, work: () => Promise.reject(new Error('never')) })).toEqual([])
})
