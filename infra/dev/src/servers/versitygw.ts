/** Starts versitygw: an S3 server that keeps its objects as files in a folder. */

import { access, mkdir } from 'node:fs/promises'
import { answersWith } from '../wait-until.ts'
import { becomeReady } from '../processes/become-ready.ts'
import type { LaunchedProcess } from '../processes/launch-process.ts'
import type { RunningServer, ServerOptions } from './running-server.ts'

export interface VersitygwOptions extends ServerOptions {
  readonly binary: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
}

export interface RunningS3 extends RunningServer {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
}

const READY_MS = 15_000

/** Starts the server on loopback and waits until it answers an S3 request. */
export async function startVersitygw(options: VersitygwOptions): Promise<RunningS3> {
  // Objects and the folder beside them for what extended attributes would hold: it may not lie inside the first.
  const objects = `${options.directory}/objects`
  const sidecar = `${options.directory}/sidecar`
  await mkdir(objects, { recursive: true, mode: 0o700 })
  const usesSidecar = await access(sidecar).then(
    () => true,
    () => false,
  )
  if (usesSidecar) return serve(options, ['posix', '--sidecar', sidecar, objects])
  try {
    return await serve(options, ['posix', objects])
  } catch (thrown) {
    // Its own test at start is the only portable way to learn whether the filesystem has extended attributes.
    if (!(thrown instanceof Error) || !thrown.message.includes('xattrs are not supported')) throw thrown
    await mkdir(sidecar, { mode: 0o700 })
    return serve(options, ['posix', '--sidecar', sidecar, objects])
  }
}

async function serve(options: VersitygwOptions, backend: string[]): Promise<RunningS3> {
  const { port, accessKeyId, secretAccessKey, region } = options
  const launched: LaunchedProcess = await options.launch({
    name: 's3',
    command: options.binary,
    // Without --keep-alive it closes every connection after one answer.
    args: ['--port', `127.0.0.1:${port}`, '--region', region, '--keep-alive', '--quiet', ...backend],
    cwd: options.directory,
    env: { ...options.env, ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey },
    logFile: options.logFile,
  })
  const url = `http://127.0.0.1:${port}`
  // S3 refuses an unsigned request for the list of buckets: that refusal is the answer of a server that is up.
  await becomeReady(launched, { isReady: () => answersWith(url, 403), deadlineMs: READY_MS, port })
  return { ...launched, url, port, accessKeyId, secretAccessKey, region }
}
