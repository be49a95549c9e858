import { chmod, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readEnvironment } from '../env.ts'
import { createTestDirectory, removeTestDirectory } from '../testing/test-directory.ts'
import { findChromium } from './chromium.ts'

let directory: string
beforeEach(async () => {
  directory = await createTestDirectory('chromium')
})
afterEach(() => removeTestDirectory(directory))

const find = (variables: Record<string, string> = {}) =>
  findChromium({
    environment: readEnvironment({ PATH: directory, HOME: directory, ...variables }),
    onLine: () => undefined,
  })

async function program(name: string, body: string): Promise<string> {
  const file = path.join(directory, name)
  await writeFile(file, `#!/bin/sh\n${body}\n`)
  await chmod(file, 0o755)
  return file
}

test('the browser that the environment names comes before an installed one', async () => {
  const named = await program('named', 'echo "Chromium 156.0"')
  await program('chromium', 'echo "Chromium 150.0"')
  expect(await find({ STUDIO_CHROMIUM_BIN: named })).toBe(named)
})

test('a named browser that does not start is an error, not a reason to look elsewhere', async () => {
  const named = await program('named', 'exit 1')
  await program('chromium', 'echo "Chromium 150.0"')
  await expect(find({ STUDIO_CHROMIUM_BIN: named })).rejects.toThrow(
    /STUDIO_CHROMIUM_BIN is .*does not start/,
  )
})

test('a command that only says how to install a browser is passed over', async () => {
  await program('chromium-browser', 'echo "Command requires the chromium snap" >&2; exit 1')
  const chrome = await program('google-chrome', 'echo "Google Chrome 156.0"')
  expect(await find()).toBe(chrome)
})
