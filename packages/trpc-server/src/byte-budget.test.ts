/** Room for bodies: who gets in, in which order, and what happens to those who leave or wait too long. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createByteBudget, type ByteBudget } from './byte-budget.ts'

const patient = new AbortController().signal
const budgetOf = (bytes: number, waitMs = 60_000): ByteBudget => createByteBudget({ bytes, waitMs })
const settled = () => new Promise((resolve) => setImmediate(resolve))

/** Asks, and notes when it is let in. */
function ask(budget: ByteBudget, { bytes, name, log }: { bytes: number; name: string; log: string[] }) {
  return budget.take(bytes, patient).then((giveBack) => {
    log.push(name)
    return giveBack
  })
}

describe('a budget of bytes', () => {
  test('lets in what fits, and the next in line when there is room again', async () => {
    const budget = budgetOf(10)
    const log: string[] = []
    const first = await ask(budget, { bytes: 6, name: 'first', log })
    const second = ask(budget, { bytes: 6, name: 'second', log })
    const third = ask(budget, { bytes: 1, name: 'third', log })
    await settled()
    expect(log).toEqual(['first'])
    first()
    await Promise.all([second, third])
    expect(log).toEqual(['first', 'second', 'third'])
  })

  test('takes room back once, however often it is given', async () => {
    const budget = budgetOf(10)
    const log: string[] = []
    const first = await ask(budget, { bytes: 10, name: 'first', log })
    first()
    first()
    await ask(budget, { bytes: 10, name: 'second', log })
    void ask(budget, { bytes: 10, name: 'third', log })
    await settled()
    expect(log).toEqual(['first', 'second'])
  })

  test('lets in alone what is larger than all of it', async () => {
    const budget = budgetOf(10)
    const log: string[] = []
    const large = await ask(budget, { bytes: 1_000, name: 'large', log })
    const small = ask(budget, { bytes: 1, name: 'small', log })
    await settled()
    expect(log).toEqual(['large'])
    large()
    await small
  })

  test('says BUSY to who has waited too long, and lets in those behind who fit', async () => {
    const budget = budgetOf(10, 20)
    await budget.take(6, patient)
    const large = budget.take(6, patient)
    const small = budget.take(4, patient)
    await expect(large).rejects.toMatchObject({ code: 'BUSY' })
    await expect(small).resolves.toBeTypeOf('function')
  })

  test('forgets who leaves the line, and lets nobody in who has left before', async () => {
    const budget = budgetOf(10)
    await budget.take(6, patient)
    const leaving = new AbortController()
    const large = budget.take(6, leaving.signal)
    const small = budget.take(4, patient)
    leaving.abort(new Error('gone'))
    await expect(large).rejects.toThrow('gone')
    await expect(small).resolves.toBeTypeOf('function')
    await expect(budget.take(1, leaving.signal)).rejects.toThrow('gone')
  })

  test('is never overdrawn, and lets everyone in, in the order in which they came', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(15), { minLength: 1, maxLength: 40 }), async (sizes) => {
        const budget = budgetOf(10)
        const order: number[] = []
        let held = 0
        await Promise.all(
          sizes.map(async (size, index) => {
            const giveBack = await budget.take(size, patient)
            order.push(index)
            held += Math.min(size, 10)
            expect(held).toBeLessThanOrEqual(10)
            await settled()
            held -= Math.min(size, 10)
            giveBack()
          }),
        )
        expect(order).toEqual(sizes.map((_, index) => index))
      }),
      { numRuns: 50 },
    )
  })
})
