/** Which Asset Service an operator's command is about: the environment's, the stack that runs here, or none. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDirectory, removeTestDirectory } from '@studio/dev/testing/test-directory'
import { readOperatorEnv } from './env.ts'

const SERVED = {
  DATABASE_URL: 'postgres://studio:very-secret@127.0.0.1:1/studio',
  OBJECT_STORE: 's3',
  S3_BUCKET: 'of-the-stack',
  POCKETBASE_URL: 'http://127.0.0.1:2',
  POCKETBASE_SERVICE_EMAIL: 'asset-service@studio.test',
  POCKETBASE_SERVICE_PASSWORD: 'service-password',
  TRUSTED_ISSUERS: '[{"issuer":"http://127.0.0.1:3","jwksUrl":"http://127.0.0.1:3/.well-known/jwks.json"}]',
}

let directory: string
beforeEach(async () => {
  directory = await createTestDirectory('operator')
})
afterEach(() => removeTestDirectory(directory))

const runStack = (supervisor: number) =>
  writeFile(path.join(directory, 'asset-server.json'), JSON.stringify({ supervisor, variables: SERVED }))
const readBeside = (variables: Record<string, string> = {}) =>
  readOperatorEnv({ STUDIO_STATE_DIR: directory, ...variables })

test('an environment that names no store is that of the stack that runs', async () => {
  await runStack(process.pid)
  expect(await readBeside({ DATABASE_URL: '' })).toMatchObject({
    DATABASE_URL: SERVED.DATABASE_URL,
    storeSettings: { S3_BUCKET: 'of-the-stack' },
  })
})

test('an environment that names its store is taken alone, whatever runs', async () => {
  await runStack(process.pid)
  const own = { ...SERVED, S3_BUCKET: 'of-the-environment' }
  expect(await readBeside(own)).toMatchObject({ storeSettings: { S3_BUCKET: 'of-the-environment' } })
  await expect(readBeside({ OBJECT_STORE: 's3' })).rejects.toThrow(/not complete[^]*DATABASE_URL/)
})

test('a database of the environment is not used with the store of the stack', async () => {
  await runStack(process.pid)
  const refused = readBeside({ DATABASE_URL: 'postgres://other:other-secret@127.0.0.1:9/other' })
  await expect(refused).rejects.toThrow(/says otherwise than the stack .*: DATABASE_URL\./)
  await expect(refused).rejects.not.toThrow(/secret/)
})

test('without a stack the answer is to start one, or what to set', async () => {
  await expect(readBeside()).rejects.toThrow(/Start `npx pnpm@12 dev`, or set .*OBJECT_STORE.*DATABASE_URL/)
})

test('a stack whose supervisor was killed does not run', async () => {
  await runStack(spawnSync(process.execPath, ['-e', '']).pid)
  await expect(readBeside()).rejects.toThrow('None runs from')
})
