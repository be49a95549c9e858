import { expect, test, vi } from 'vitest'
import { withDeadline } from './with-deadline.ts'

/** Work that only its signal ends. */
const endless = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason))
  })

test('work that ends in time is not disturbed, and leaves no timer and no listener behind', async () => {
  vi.useFakeTimers()
  try {
    const controller = new AbortController()
    const removed = vi.spyOn(controller.signal, 'removeEventListener')
    const result = await withDeadline({ milliseconds: 10, signal: controller.signal }, async () => 'done')
    expect(result).toBe('done')
    expect(vi.getTimerCount()).toBe(0)
    expect(removed).toHaveBeenCalledOnce()
  } finally {
    vi.useRealTimers()
  }
})

test('work that takes too long is aborted', async () => {
  await expect(withDeadline({ milliseconds: 5 }, endless)).rejects.toMatchObject({ name: 'TimeoutError' })
})

test('work that is no longer wanted is aborted, also when that was so from the beginning', async () => {
  const gone = new AbortController()
  const late = withDeadline({ milliseconds: 60_000, signal: gone.signal }, endless)
  gone.abort()
  await expect(late).rejects.toMatchObject({ name: 'AbortError' })
  const never = withDeadline({ milliseconds: 60_000, signal: gone.signal }, endless)
  await expect(never).rejects.toMatchObject({ name: 'AbortError' })
})
