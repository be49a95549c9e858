/** The Asset Service, except that it kills itself at the effect that `CRASH_EFFECT` and `CRASH_MOMENT` name. */
import { fusePorts } from '@studio/asset-service/testing/fuse'
import { startAssetServer } from '../src/start.ts'
import { readEnv } from '../src/env.ts'
import { readCrashPoint } from './crash-point/env.ts'

const fuse = readCrashPoint()

/** As the kernel would: no handler runs, no buffer is flushed. */
function die(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('a process that was killed went on')
}

const running = await startAssetServer(
  readEnv(),
  fuse === undefined ? {} : { wrapPorts: (ports) => fusePorts(ports, fuse, die).ports },
)
process.stdout.write(`listening ${running.url}\n`)
