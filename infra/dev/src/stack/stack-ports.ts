/** The ports of a stack: those asked for by environment variables, else those of its last start, else free ones. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { DevError, PortTakenError } from '../dev-error.ts'
import type { DevEnvironment } from '../env.ts'
import { isPortFree, type PortChoice } from '../servers/start-on-port.ts'
import { writeWholeFile } from '../write-whole-file.ts'
import type { ServiceName } from './service-name.ts'

const PORT_VARIABLES = {
  postgres: 'POSTGRES_PORT',
  s3: 'S3_PORT',
  pocketbase: 'POCKETBASE_PORT',
  'asset-server': 'ASSET_SERVER_PORT',
  bff: 'BFF_PORT',
  web: 'WEB_PORT',
} as const satisfies Record<ServiceName, keyof DevEnvironment>

/** Vite's own default, which people remember. */
const USUAL_WEB_PORT = 5173

const savedSchema = z.partialRecord(
  z.enum(['postgres', 's3', 'pocketbase', 'asset-server', 'bff', 'web']),
  z.int(),
)

export interface StackPorts {
  choice(name: ServiceName): PortChoice
  /** Remembers what was taken for the next start. */
  save(taken: Partial<Record<ServiceName, number>>): void
}

/**
 * Reads the saved ports and checks those that were asked for. Throws a {@link PortTakenError} that names the variable
 * when one of them is taken.
 */
export async function openStackPorts(
  stateDirectory: string,
  options: {
    readonly environment: DevEnvironment
    readonly services: readonly ServiceName[]
    /** Whether the web app tries Vite's own port first. */
    readonly usualWebPort: boolean
  },
): Promise<StackPorts> {
  const file = path.join(stateDirectory, 'ports.json')
  const saved = await readSaved(file)
  const required = new Map<number, string>()
  for (const name of options.services) {
    const variable = PORT_VARIABLES[name]
    const port = options.environment[variable]
    if (port === undefined) continue
    const other = required.get(port)
    if (other) throw new DevError(`${other} and ${variable} both ask for port ${port}.`)
    required.set(port, variable)
    if (!(await isPortFree(port))) {
      throw new PortTakenError(
        port,
        `${variable} asks for port ${port}, but something else listens on it. Free the port or choose another.`,
      )
    }
  }
  return {
    choice: (name) => ({
      required: options.environment[PORT_VARIABLES[name]],
      preferred: saved[name] ?? (name === 'web' && options.usualWebPort ? USUAL_WEB_PORT : undefined),
    }),
    save: (taken) => writeWholeFile(file, { ...saved, ...taken }),
  }
}

async function readSaved(file: string): Promise<Partial<Record<ServiceName, number>>> {
  const content = await readFile(file, 'utf8').catch(() => '{}')
  try {
    return savedSchema.parse(JSON.parse(content))
  } catch {
    return {}
  }
}
