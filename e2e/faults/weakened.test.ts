/** Can this suite fail? For each promise, a build that was made to break it must be caught, and the build as it is must pass. */
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDirectory, removeTestDirectory } from '@studio/dev/testing/test-directory'
import { startBrokenServers, type BrokenServers } from './broken-servers.ts'
import { bundleApps } from './bundled-apps.ts'
import { copySources } from './copied-sources.ts'
import { startFaultyStack, type FaultyStack } from './faulty-stack.ts'
import { PROMISE_CHECKS } from './promise-checks.ts'

const PATCHES = path.join(import.meta.dirname, 'weakened')

let servers: BrokenServers
let copy = ''
beforeAll(async () => {
  copy = await createTestDirectory('weakened')
  ;[servers] = await Promise.all([startBrokenServers(), copySources(copy)])
})
afterAll(async () => {
  await servers?.dispose()
  await removeTestDirectory(copy)
})

/** Changes the copy, or changes it back. A patch that does not fit any more is to be made anew. */
async function apply(patch: string, direction: 'forwards' | 'back'): Promise<void> {
  const args = direction === 'back' ? ['--reverse'] : []
  // The copy is no repository of its own, and must not be taken for part of one around it.
  const { failed, stderr } = await execa('git', ['apply', ...args, path.join(PATCHES, patch)], {
    cwd: copy,
    env: { GIT_CEILING_DIRECTORIES: path.dirname(copy) },
    reject: false,
  })
  if (failed) throw new Error(`weakened/${patch} does not fit the sources any more; make it anew:\n${stderr}`)
}

/** Runs what is in the copy. */
async function withCopy(work: (stack: FaultyStack) => Promise<void>): Promise<void> {
  const apps = await bundleApps(copy)
  try {
    const stack = await startFaultyStack({ servers, apps })
    try {
      await work(stack)
    } finally {
      await stack.mend()
      await stack.dispose()
    }
  } finally {
    await apps.dispose()
  }
}

test('every promise has its weakened build', async () => {
  const promises = (await readdir(PATCHES)).map((name) => name.split('-')[0]?.toUpperCase())
  expect(promises.toSorted()).toEqual(Object.keys(PROMISE_CHECKS))
})

test('the build as it is passes every check', () =>
  withCopy(async (stack) => {
    for (const check of Object.values(PROMISE_CHECKS)) await check(stack)
  }))

test.each(Object.entries(PROMISE_CHECKS))('a build that breaks %s is caught', async (promise, check) => {
  const patch = (await readdir(PATCHES)).find((name) => name.startsWith(`${promise.toLowerCase()}-`)) ?? ''
  await apply(patch, 'forwards')
  try {
    await withCopy(async (stack) => {
      await expect(check(stack)).rejects.toThrow(`${promise} is broken`)
    })
  } finally {
    await apply(patch, 'back')
  }
})
