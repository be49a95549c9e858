/** An S3 server whose disk is small: it fills up, as disks do. */
import { execa } from 'execa'
import { baseProcessEnvironment } from '@studio/dev/env'
import type { Launcher } from '@studio/dev/processes/launch-process'
import { restartable } from '@studio/dev/processes/restartable'
import { findServerBinary } from '@studio/dev/servers/find-server-binary'
import { startOnPort } from '@studio/dev/servers/start-on-port'
import { startVersitygw } from '@studio/dev/servers/versitygw'
import { launchOnLeash } from '@studio/dev/testing/restartable-server'
import { createTestDirectory, removeTestDirectory } from '@studio/dev/testing/test-directory'
import { readTestEnvironment } from '@studio/dev/testing/test-environment'
import type { TestS3 } from '@studio/dev/testing/test-s3'

/** Room for a file in parts while its parts and the whole are both there, and not for two. */
const DISK_MIB = 48
/** In blocks of 512 bytes (POSIX, `ulimit -f`): no file above 6 MiB, which a part is. */
const FILE_BLOCKS = 6 * 2048

/** A file system of its own that only this process sees, and that goes with it. */
const MOUNT = `mount -t tmpfs -o size=${DISK_MIB}m tmpfs "$1" && shift && exec "$@"`
/** Where no file system can be mounted: files end as they do on a disk that is full, only each by itself. */
const LIMIT = `shift; ulimit -f ${FILE_BLOCKS}; exec "$@"`

const TRY_MOUNT = 'exec unshare "$@" sh -c "mount -t tmpfs tmpfs /mnt"'

/** How a file system is mounted: as root, or as one in a user namespace; `undefined` where neither is possible. */
async function findNamespace(): Promise<string[] | undefined> {
  for (const args of [['--mount'], ['--mount', '--map-root-user']]) {
    // Through a shell, which answers as well where there is no such command.
    const tried = await execa('sh', ['-c', TRY_MOUNT, 'sh', ...args], { reject: false })
    if (!tried.failed) return args
  }
  return undefined
}

function launchOnSmallDisk(disk: string, namespace: string[] | undefined): Launcher {
  return (options) => {
    const shell = [
      'sh',
      '-c',
      namespace === undefined ? LIMIT : MOUNT,
      'sh',
      disk,
      options.command,
      ...options.args,
    ]
    const [command = '', ...args] = namespace === undefined ? shell : ['unshare', ...namespace, ...shell]
    return launchOnLeash({ ...options, command, args })
  }
}

export interface SmallS3 extends TestS3 {
  /** What does not fit. */
  readonly tooMuch: number
}

/** Starts it. What it holds is lost when it stops. */
export async function startS3OnSmallDisk(): Promise<SmallS3> {
  const environment = readTestEnvironment()
  const binary = await findServerBinary('versitygw', { environment, onLine: () => undefined })
  const directory = await createTestDirectory('small-disk')
  const launch = launchOnSmallDisk(`${directory}/objects`, await findNamespace())
  const credentials = {
    accessKeyId: 'test-access-key',
    secretAccessKey: 'test-secret-key',
    region: 'us-east-1',
  }
  const start = (port: number) =>
    startVersitygw({
      ...credentials,
      directory,
      port,
      binary,
      launch,
      logFile: `${directory}/s3.log`,
      env: baseProcessEnvironment(environment),
    })
  const first = await startOnPort({}, start)
  const server = restartable({ first, startAgain: () => start(first.port) })
  return {
    ...credentials,
    url: first.url,
    endpoint: first.url,
    port: first.port,
    stop: server.stop,
    kill: server.kill,
    start: server.start,
    dispose: async () => {
      await server.stop()
      await removeTestDirectory(directory)
    },
    lastLogLines: (count) => server.current().lastLogLines(count),
    tooMuch: (DISK_MIB + 8) * 1024 * 1024,
  }
}
