/** A field renamed in contracts breaks every side that speaks it, at compile time. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '..')
const COMPILE_TIMEOUT_MS = 120_000

let directory = ''
beforeAll(() => {
  // Inside the checkout, so that packages are found as they are from everywhere else in it.
  directory = mkdtempSync(path.join(ROOT, 'e2e/renamed-contracts-'))
  cpSync(path.join(ROOT, 'packages/contracts/src'), path.join(directory, 'src'), { recursive: true })
  symlinkSync(path.join(ROOT, 'packages/contracts/node_modules'), path.join(directory, 'node_modules'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Compiles a package against the copy of contracts; returns what the compiler says. */
function compile(folder: string): string {
  const config = path.join(ROOT, folder, `tsconfig.${path.basename(directory)}.json`)
  const settings = {
    extends: './tsconfig.json',
    compilerOptions: { paths: { '@studio/contracts/*': [path.join(directory, 'src/*.ts')] } },
  }
  writeFileSync(config, JSON.stringify(settings))
  try {
    const tsc = path.join(ROOT, 'node_modules/.bin/tsc')
    return spawnSync(tsc, ['-p', config], { encoding: 'utf8', cwd: path.join(ROOT, folder) }).stdout
  } finally {
    rmSync(config)
  }
}

function rename(file: string, from: RegExp, to: string): () => void {
  const target = path.join(directory, 'src', file)
  const before = readFileSync(target, 'utf8')
  const after = before.replace(from, to)
  expect(after).not.toBe(before)
  writeFileSync(target, after)
  return () => writeFileSync(target, before)
}

test.each(['apps/web', 'apps/bff', 'packages/asset-service'])(
  '%s compiles with contracts as they are, and not after a field is renamed',
  { timeout: COMPILE_TIMEOUT_MS },
  (folder) => {
    expect(compile(folder)).toBe('')
    const undo = [
      rename('upload.ts', /projectId: projectIdSchema,/, 'project: projectIdSchema,'),
      rename(
        'delivery.ts',
        /status: z\.literal\('ok'\), fileId: fileIdSchema, url:/,
        "status: z.literal('ok'), fileId: fileIdSchema, href:",
      ),
    ]
    try {
      expect(compile(folder)).toMatch(/error TS\d+/)
    } finally {
      for (const restore of undo) restore()
    }
  },
)
