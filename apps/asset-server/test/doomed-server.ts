/** The Asset Service as a process of its own that dies by SIGKILL at a chosen effect, or whenever a test wants it to. */
import { cp } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import type { Fuse } from '@studio/asset-service/testing/fuse'
import { bundleServer } from '@studio/dev/bundle-server'
import { readStartOptions } from '@studio/dev/start-options'
import { createTestDirectory, removeTestDirectory } from '@studio/dev/testing/test-directory'
import type { Variables } from './test-environment.ts'

const MIGRATIONS = path.resolve(
  import.meta.dirname,
  '../../../packages/asset-service/src/adapters/postgres/migrations',
)

/** Each is a server process and a pool of database connections. */
const AT_ONCE = 5

export interface DoomedServer {
  url: string
  pid: number
  /** Resolves when the process has ended, by itself or by us; `true` when it was killed. */
  ended: Promise<boolean>
  kill(): void
}

export interface DoomedServers {
  /** Without a fuse it lives until it is killed. */
  start(variables: Variables, fuse?: Fuse): Promise<DoomedServer>
  remove(): Promise<void>
}

/** Bundled once, as the server is for deployment: it starts faster than from its sources. */
export async function bundleDoomedServer(): Promise<DoomedServers> {
  const bundle = await createTestDirectory('crash')
  await bundleServer({ entry: path.join(import.meta.dirname, 'crash-main.ts'), outputDirectory: bundle })
  await cp(MIGRATIONS, path.join(bundle, 'migrations'), { recursive: true })
  const options = await readStartOptions('asset-server')
  return {
    remove: () => removeTestDirectory(bundle),
    async start(variables, fuse) {
      const point = fuse && { CRASH_EFFECT: String(fuse.effect), CRASH_MOMENT: fuse.moment }
      const child = execa(process.execPath, [...options, path.join(bundle, 'crash-main.js')], {
        env: { ...variables, ...point },
        stderr: 'inherit',
        reject: false,
        buffer: false,
      })
      const ended = child.then((result) => result.signal === 'SIGKILL')
      const url = await new Promise<string>((resolve, reject) => {
        createInterface({ input: child.stdout }).on('line', (line) => {
          if (line.startsWith('listening ')) resolve(line.slice('listening '.length))
        })
        void ended.then(() => reject(new Error('the server ended before it listened')))
      })
      if (child.pid === undefined) throw new Error('a process without an id')
      return { url, pid: child.pid, ended, kill: () => void child.kill('SIGKILL') }
    },
  }
}

/**
 * Crashes at one effect after the other, a few at once, until they reach past the last one: `crashAt` resolves to whether its
 * process died. Resolves to how many effects there are.
 */
export async function crashAtEach(crashAt: (effect: number) => Promise<boolean>): Promise<number> {
  const died: boolean[] = []
  while (!died.includes(false)) {
    const effects = Array.from({ length: AT_ONCE }, (_, n) => died.length + n)
    died.push(...(await Promise.all(effects.map(crashAt))))
  }
  const effects = died.indexOf(false)
  // Whoever outlives one effect outlives all later ones: otherwise they are not counted in one order.
  if (died.slice(effects).includes(true)) throw new Error(`effects come and go: ${JSON.stringify(died)}`)
  return effects
}
