/** Plants one violation of each import rule and expects red, and one permitted import beside it and expects green. */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plants } from './boundaries-plants.ts'

const ROOT = import.meta.dirname
const bin = (name: string): string => path.join(ROOT, 'node_modules/.bin', name)

interface Finding {
  filename: string
  text: string
}

/** Everything the linter says about a tree, by file. The config is the tree's own: overrides resolve from where it lies. */
function lint(directory: string): Finding[] {
  const { stdout } = spawnSync(bin('oxlint'), ['--config', '.oxlintrc.json', '-f', 'json', '.'], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { filename: string; message: string; code?: string; help?: string }[]
  }
  return diagnostics.map(({ filename, message, code, help }) => ({
    filename: filename.split(path.sep).join('/'),
    text: [code, message, help].filter(Boolean).join(' '),
  }))
}

describe('the linter', () => {
  let directory = ''
  let findings: Finding[] = []
  const plant = (file: string, content: string): void => {
    const target = path.join(directory, file)
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, `${content}\n`)
  }
  const saidOf = (file: string): string =>
    findings
      .filter((finding) => finding.filename === file)
      .map((finding) => finding.text)
      .join('\n')

  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'studio-boundaries-'))
    cpSync(path.join(ROOT, '.oxlintrc.json'), path.join(directory, '.oxlintrc.json'))
    for (const { file, red, green } of plants) {
      plant(`${file}-red.ts`, red)
      plant(`${file}-green.ts`, green)
    }
    plant('packages/contracts/src/cycle-a.ts', `import { b } from './cycle-b.ts'\nexport const a = () => b`)
    plant('packages/contracts/src/cycle-b.ts', `import { a } from './cycle-a.ts'\nexport const b = () => a`)
    plant('packages/contracts/src/CamelCase.ts', `export const y = 1`)
    findings = lint(directory)
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  test.each(plants)('reports: $rule', ({ file, says }) => {
    expect(saidOf(`${file}-red.ts`)).toContain(says)
  })
  test.each(plants)('permits what is beside: $rule', ({ file }) => {
    expect(saidOf(`${file}-green.ts`)).toBe('')
  })
  test('reports a cycle, and a file name that is not kebab-case', () => {
    expect(saidOf('packages/contracts/src/cycle-a.ts')).toContain('no-cycle')
    expect(saidOf('packages/contracts/src/CamelCase.ts')).toContain('filename-case')
  })
})

/** Which workspace packages each one may depend on, in code or in tests. A package that is not here is a failure. */
const MAY_DEPEND_ON: Record<string, readonly string[]> = {
  contracts: [],
  'trpc-server': ['contracts'],
  'upload-client': ['contracts'],
  'asset-service': ['contracts', 'trpc-server', 'dev'],
  'asset-server': ['contracts', 'trpc-server', 'asset-service', 'dev'],
  bff: ['contracts', 'trpc-server', 'asset-service', 'dev'],
  web: ['contracts', 'upload-client', 'bff'],
  demo: ['contracts', 'upload-client', 'bff', 'dev'],
  bench: ['contracts', 'upload-client', 'bff', 'dev'],
  dev: [],
  pocketbase: ['contracts', 'dev'],
  e2e: ['dev'],
}

interface Manifest {
  name: string
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

function forbiddenDependencies({ name, dependencies, devDependencies }: Manifest): string[] {
  const allowed = MAY_DEPEND_ON[name.replace('@studio/', '')]
  if (allowed === undefined) return [`${name} is not in the table`]
  return Object.keys({ ...dependencies, ...devDependencies })
    .filter((dependency) => dependency.startsWith('@studio/'))
    .filter((dependency) => !allowed.includes(dependency.replace('@studio/', '')))
    .map((dependency) => `${name} → ${dependency}`)
}

function readManifests(): Manifest[] {
  const folders = ['packages', 'apps', 'infra']
    .flatMap((folder) => readdirSync(path.join(ROOT, folder)).map((name) => path.join(folder, name)))
    .concat('e2e')
  return folders
    .map((folder) => path.join(ROOT, folder, 'package.json'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Manifest)
}

describe('the package graph', () => {
  test('has only arrows that the table permits', () => {
    const manifests = readManifests()
    expect(manifests.flatMap(forbiddenDependencies)).toEqual([])
    expect(manifests.map(({ name }) => name.replace('@studio/', '')).toSorted()).toEqual(
      Object.keys(MAY_DEPEND_ON).toSorted(),
    )
  })
  test.each([
    ['@studio/web', '@studio/asset-service'],
    ['@studio/contracts', '@studio/bff'],
    ['@studio/upload-client', '@studio/web'],
    ['@studio/new', '@studio/contracts'],
  ])('reports a planted %s → %s', (name, dependency) => {
    expect(forbiddenDependencies({ name, dependencies: { [dependency]: 'workspace:*' } })).toHaveLength(1)
  })
})

describe('the compiler', () => {
  test('reports a deep import past a package’s exports map', { timeout: 120_000 }, () => {
    const directory = mkdtempSync(path.join(ROOT, 'apps/bff/planted-'))
    try {
      const file = path.join(directory, 'deep.ts')
      writeFileSync(file, `export { objectKey } from '@studio/asset-service/src/files/object-key'\n`)
      const config = { extends: '../tsconfig.json', include: ['deep.ts'] }
      writeFileSync(path.join(directory, 'tsconfig.json'), JSON.stringify(config))
      const compile = () => execFileSync(bin('tsc'), ['-p', directory], { encoding: 'utf8', stdio: 'pipe' })
      expect(compile).toThrow(/Command failed/)
      const { stdout } = spawnSync(bin('tsc'), ['-p', directory], { encoding: 'utf8' })
      expect(stdout).toContain('TS2307')
      writeFileSync(file, `export { createAssetServiceClient } from '@studio/asset-service/client'\n`)
      expect(compile).not.toThrow()
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  })
})
