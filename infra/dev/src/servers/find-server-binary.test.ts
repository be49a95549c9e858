import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { zipSync } from 'fflate'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DevError, NoServerError } from '../dev-error.ts'
import { readEnvironment } from '../env.ts'
import { createTestDirectory, removeTestDirectory } from '../testing/test-directory.ts'
import { findServerBinary } from './find-server-binary.ts'
import { SERVER_RELEASES } from './versions.ts'

const { version } = SERVER_RELEASES.pocketbase

let directory: string
let mirror: Server
let mirrorFiles: Map<string, Uint8Array>
let lines: string[]

beforeEach(async () => {
  directory = await createTestDirectory('binaries')
  lines = []
  mirrorFiles = new Map()
  mirror = createServer((request, response) => {
    const content = mirrorFiles.get(path.basename(request.url ?? ''))
    response.writeHead(content ? 200 : 404).end(content)
  })
  await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  await new Promise((resolve) => mirror.close(resolve))
  await removeTestDirectory(directory)
})

// System folders hold the shell and tar that the scripts need, but neither PocketBase nor Go.
async function find(variables: Record<string, string> = {}) {
  const tools = path.join(directory, 'tools')
  await mkdir(tools, { recursive: true })
  return findServerBinary('pocketbase', {
    environment: readEnvironment({
      PATH: tools,
      HOME: directory,
      STUDIO_CACHE_DIR: path.join(directory, 'cache'),
      ...variables,
    }),
    onLine: (line) => lines.push(line),
    releaseBaseUrl: `http://127.0.0.1:${(mirror.address() as AddressInfo).port}`,
  })
}

async function script(file: string, body: string): Promise<string> {
  const target = path.join(directory, file)
  await mkdir(path.dirname(target), { recursive: true })
  await writeFile(target, `#!/bin/sh\n${body}\n`)
  await chmod(target, 0o755)
  return target
}

const cachedAt = () =>
  path.join(directory, 'cache', 'pocketbase', `${version}-${process.platform}-${process.arch}`, 'pocketbase')

// A compiler that writes what it was told into the file that it was to build, and counts its runs.
const compiler = () =>
  script(
    'tools/go',
    `PATH=/usr/bin:/bin
echo run >> "${directory}/go-runs"
while [ $# -gt 0 ]; do
  case "$1" in -o) target=$2; shift 2 ;; *) words="$words $1"; shift ;; esac
done
{ echo "#!/bin/sh"; echo "# $words"; echo "# $GOTOOLCHAIN $GOWORK $CGO_ENABLED $PWD"; } > "$target"
chmod +x "$target"`,
  )

function publish(content: Uint8Array, checksum = createHash('sha256').update(content).digest('hex')): void {
  const archive = SERVER_RELEASES.pocketbase.archive(process.platform, process.arch)
  if (!archive) throw new Error('no archive for this machine')
  mirrorFiles.set(archive.file, content)
  mirrorFiles.set(
    'checksums.txt',
    Buffer.from(`${'0'.repeat(64)}  another.zip\n${checksum}  ${archive.file}\n`),
  )
}

test('the binary that the environment names comes before all others', async () => {
  const named = await script('named', 'exit 0')
  await script('tools/pocketbase', `echo "pocketbase version ${version}"`)
  expect(await find({ STUDIO_POCKETBASE_BIN: named })).toBe(named)
})

test('a name in the environment that is no executable is an error, not a reason to look elsewhere', async () => {
  await script('tools/pocketbase', `echo "pocketbase version ${version}"`)
  const search = find({ STUDIO_POCKETBASE_BIN: path.join(directory, 'missing') })
  await expect(search).rejects.toThrow(/STUDIO_POCKETBASE_BIN is .*missing, which is no executable file/)
})

test('an installed binary of the same minor version is used before the cache', async () => {
  const installed = await script('tools/pocketbase', 'echo "pocketbase version 0.40.99"')
  await script(path.relative(directory, cachedAt()), 'exit 0')
  expect(await find()).toBe(installed)
})

test('an installed binary of another version is passed over for the cached one', async () => {
  await script('tools/pocketbase', 'echo "pocketbase version 0.28.4"')
  await script(path.relative(directory, cachedAt()), 'exit 0')
  expect(await find()).toBe(cachedAt())
  expect(lines).toEqual([])
})

test('a release archive with the published checksum is unpacked into the cache, before Go is asked', async () => {
  await compiler()
  publish(
    zipSync({ 'README.md': Buffer.from('read me'), pocketbase: Buffer.from('#!/bin/sh\n# released\n') }),
  )
  const found = await find()
  expect(found).toBe(cachedAt())
  expect(await readFile(found, 'utf8')).toContain('# released')
  expect(await readdir(path.dirname(found))).toEqual(['pocketbase'])
})

test('a release archive with another checksum is refused, and the server is built from its source', async () => {
  await compiler()
  publish(zipSync({ pocketbase: Buffer.from('#!/bin/sh\n# altered\n') }), 'a'.repeat(64))
  const found = await find()
  expect(await readFile(found, 'utf8')).not.toContain('altered')
})

test('the source is built with pinned modules, the toolchain that they ask for, and no C', async () => {
  await compiler()
  const built = await readFile(await find({ GOTOOLCHAIN: 'local' }), 'utf8')
  expect(built).toContain('build -mod=readonly -trimpath -ldflags')
  expect(built).toContain(`pocketbase.Version=${version} github.com/pocketbase/pocketbase/examples/base`)
  expect(built).toMatch(/auto off 0 .*infra\/dev\/go/)
  expect(lines[0]).toMatch(/Building PocketBase .* from source/)
})

test('several processes that need the same server build it once', async () => {
  await compiler()
  const found = await Promise.all([find(), find(), find()])
  expect(new Set(found)).toEqual(new Set([cachedAt()]))
  expect(await readFile(path.join(directory, 'go-runs'), 'utf8')).toBe('run\n')
})

test('a build that fails says what the compiler said and leaves nothing in the cache', async () => {
  await script('tools/go', 'echo "go.sum mismatch" >&2; exit 1')
  await expect(find()).rejects.toThrow(/could not be built.*\n.*go\.sum mismatch/)
  expect(await readdir(path.dirname(cachedAt()))).toEqual([])
})

test('without a server, an archive and Go, the error names what to install', async () => {
  const error = await find().catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(NoServerError)
  expect(String(error)).toMatch(/Install Go .*go\.dev.*or install PocketBase 0\.40\.4.*STUDIO_POCKETBASE_BIN/)
})

test('a cache that cannot be written is an error that names it and the variable that moves it', async () => {
  const file = path.join(directory, 'a-file')
  await writeFile(file, '')
  const error = await find({ STUDIO_CACHE_DIR: path.join(file, 'cache') }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DevError)
  expect(error).not.toBeInstanceOf(NoServerError)
  expect(String(error)).toMatch(/cache folder .*a-file.* cannot be written \(ENOTDIR\).*STUDIO_CACHE_DIR/)
})
