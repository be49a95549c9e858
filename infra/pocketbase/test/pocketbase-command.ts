/** PocketBase's command line, on a data folder of its own. */

import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { readEnvironment } from '@studio/dev/env'
import { findServerBinary } from '@studio/dev/servers/find-server-binary'
import { toStandardError } from '@studio/dev/testing/progress-line'

const MIGRATIONS = fileURLToPath(new URL('../pb_migrations', import.meta.url))

export interface PocketBaseCommand {
  /** Runs `pocketbase migrate …` says yes to what it asks, and answers what it printed. */
  migrate(...args: string[]): Promise<string>
  /** All collections as PocketBase's own snapshot writes them, by name. */
  snapshot(): Promise<Record<string, unknown>>
}

/** The command line on data in `directory`, which must be empty, with the migrations of another folder if told so. */
export async function pocketBaseCommand(
  directory: string,
  migrations: string = MIGRATIONS,
): Promise<PocketBaseCommand> {
  const binary = await findServerBinary('pocketbase', {
    environment: readEnvironment(),
    onLine: toStandardError,
  })
  const noHooks = path.join(directory, 'no-hooks')
  await mkdir(noHooks)
  const migrate = (migrationsDirectory: string, args: string[]) =>
    run(binary, [
      'migrate',
      ...args,
      '--dev=false',
      `--dir=${path.join(directory, 'data')}`,
      `--migrationsDir=${migrationsDirectory}`,
      `--hooksDir=${noHooks}`,
    ])
  return {
    migrate: (...args) => migrate(migrations, args),
    snapshot: async () => {
      const target = await mkdtemp(path.join(directory, 'snapshot-'))
      await migrate(target, ['collections'])
      const [file = ''] = await readdir(target)
      return parseSnapshot(await readFile(path.join(target, file), 'utf8'))
    },
  }
}

async function run(binary: string, args: string[]): Promise<string> {
  const child = spawn(binary, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end('y\n')
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.once('close', resolve)
      child.once('error', reject)
    }),
  ])
  if (code !== 0) throw new Error(`pocketbase ${args.join(' ')} ended with ${code}:\n${out}${err}`)
  return out
}

// The snapshot is a migration in JavaScript that holds the collections as one JSON array. The fields of a view get new
// random ids whenever it is saved.
function parseSnapshot(source: string): Record<string, unknown> {
  const json = /const snapshot = (\[.*\]);\n/s.exec(source)?.[1]
  const collections = JSON.parse((json ?? '[]').replaceAll(/"_clone_\w+"/g, '"(random)"')) as {
    name: string
  }[]
  return Object.fromEntries(collections.map((collection) => [collection.name, collection]))
}
