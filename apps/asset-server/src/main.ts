/** The composition root: environment → adapters → service → HTTP. */
import { readEnv } from './env.ts'
import { startAssetServer } from './start.ts'

const running = await startAssetServer(readEnv())

let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    void running.stop().then(() => process.exit(0))
  })
}
