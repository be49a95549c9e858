/** Nothing is for guests: every procedure that the router has, now and later. */
import type {} from '@studio/dev/testing/global-pocketbase'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { appRouter } from '../src/router.ts'
import { startTestBff, type TestBff } from './test-bff.ts'

let bff: TestBff

beforeAll(async () => {
  bff = await startTestBff({ pocketbaseUrl: inject('testPocketBase').url })
})

afterAll(() => bff.close())

it('the router has the procedures that the browser is promised', () => {
  expect(Object.keys(appRouter._def.procedures).toSorted()).toEqual([
    'assets.byIds',
    'assets.files',
    'cards.list',
    'files.abort',
    'files.begin',
    'files.complete',
    'files.copy',
    'files.findDuplicates',
    'files.importStatus',
    'files.importUrl',
    'files.list',
    'files.listParts',
    'files.listTrash',
    'files.pending',
    'files.purge',
    'files.restore',
    'files.signParts',
    'files.trash',
    'files.uploadInline',
    'files.urls',
    'projects.get',
    'projects.list',
    'projects.storage',
    'session.me',
  ])
})

it.each(Object.keys(appRouter._def.procedures))(
  '%s refuses a guest before it reads what is asked',
  async (procedure) => {
    const response = await fetch(`${bff.url}/trpc/${procedure}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"nonsense":true}',
    })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: { data: { studio: { code: 'UNAUTHENTICATED' } } } })
  },
)
