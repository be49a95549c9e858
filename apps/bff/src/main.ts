/** The BFF as a process: reads the environment, listens, and ends when it is told to. */
import { z } from 'zod'
import { createServiceFetch } from '@studio/trpc-server/service-fetch'
import { readSettings, type BffSettings } from './env.ts'
import { createBff } from './server.ts'
import { readSigningKey } from './signing-key.ts'

async function start(settings: BffSettings): Promise<void> {
  const signingKey = await readSigningKey(settings.signingKeyFile)
  const server = await createBff({ settings, signingKey, fetch: createServiceFetch(), now: Date.now })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // Requests that are under way are answered; a second signal ends the process at once, as signals do by themselves.
    process.once(signal, () => void server.close())
  }
  await server.listen({ host: settings.host, port: settings.port })
}

try {
  await start(readSettings())
} catch (error) {
  const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
  process.stderr.write(`The BFF cannot start.\n${reason}\n`)
  process.exitCode = 1
}
