/** Reading what Linux counts of a process. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test, vi } from 'vitest'
import { cpuMilliseconds, parseCpuTime, residentMemory, resetPeakMemory } from './process-usage.ts'

test('CPU time is read behind a name that holds spaces and parentheses', () => {
  const stat = '42 (a (b) c 7 8) S 1 42 42 0 -1 4194560 3033 0 0 0 25 17 0 0 20 0 11 0 100 1 1'
  expect(parseCpuTime(stat)).toBe(420)
})

test('a process that works uses CPU time', async () => {
  const before = await cpuMilliseconds(process.pid)
  const end = performance.now() + 60
  while (performance.now() < end) Math.hypot(3, 4)
  expect(await cpuMilliseconds(process.pid)).toBeGreaterThan(before)
})

/** Holds 128 MiB until it is told to let go. */
const HOLDER = `
  let held = Buffer.alloc(128 * 1024 * 1024, 1)
  process.stdout.write('held')
  process.stdin.once('data', () => { held = undefined; setInterval(gc, 20) })`

test('a peak of memory is seen after it has passed, and forgotten by a reset', async () => {
  const child = spawn(process.execPath, ['--expose-gc', '-e', HOLDER], { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    await once(child.stdout, 'data')
    const pid = child.pid ?? 0
    child.stdin.write('let go')
    await vi.waitFor(async () => expect((await residentMemory(pid)).now).toBeLessThan(128), {
      timeout: 5_000,
    })
    expect((await residentMemory(pid)).peak).toBeGreaterThan(128)
    await resetPeakMemory(pid)
    expect((await residentMemory(pid)).peak).toBeLessThan(128)
  } finally {
    child.kill()
  }
})
