/** Builds a server from its source, pinned by `go/go.mod` and checked by `go/go.sum`. */

import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { NoServerError } from '../dev-error.ts'
import type { DevEnvironment } from '../env.ts'
import type { ServerRelease } from './versions.ts'

const GO_MODULE = fileURLToPath(new URL('../../go', import.meta.url))
const PROGRESS_MS = 5_000

export interface BuildOptions {
  readonly go: string
  readonly target: string
  readonly environment: DevEnvironment
  readonly onLine: (line: string) => void
  readonly signal: AbortSignal | undefined
}

/** Builds into the target. Throws with the end of the compiler's output, and leaves no file, when that fails. */
export async function buildWithGo(release: ServerRelease, options: BuildOptions): Promise<void> {
  const { onLine } = options
  const startedAt = Date.now()
  const seconds = () => Math.round((Date.now() - startedAt) / 1_000)
  onLine(`Building ${release.title} ${release.version} from source, once: a few minutes …`)
  const progress = setInterval(() => onLine(`Building ${release.title} … ${seconds()} s`), PROGRESS_MS)
  try {
    const result = await execa(
      options.go,
      [
        'build',
        '-mod=readonly',
        '-trimpath',
        '-ldflags',
        release.goLinkerFlags,
        '-o',
        options.target,
        release.goPackage,
      ],
      {
        cwd: GO_MODULE,
        // GOTOOLCHAIN: some machines pin it to `local`, older than what go.mod asks for. GOWORK: a workspace file in a
        // folder above would replace this module's go.sum.
        env: {
          ...options.environment.inherited,
          GOTOOLCHAIN: 'auto',
          GOWORK: 'off',
          CGO_ENABLED: '0',
        },
        extendEnv: false,
        reject: false,
        all: true,
        stdin: 'ignore',
        ...(options.signal ? { cancelSignal: options.signal } : {}),
      },
    )
    if (result.failed) {
      await rm(options.target, { force: true })
      options.signal?.throwIfAborted()
      const lines = result.all.trimEnd().split('\n').slice(-15)
      throw new NoServerError(
        `${release.title} ${release.version} could not be built. \`go build\` says:\n  ${lines.join('\n  ')}`,
      )
    }
    onLine(`Built ${release.title} in ${seconds()} s.`)
  } finally {
    clearInterval(progress)
  }
}
