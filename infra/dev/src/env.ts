/** The only reader of the process environment: everything else gets the parsed result passed in. */

import { z } from 'zod'
import { DevError } from './dev-error.ts'

const text = z.string().min(1).optional()
const port = z.coerce.number().int().min(1).max(65_535).optional()

const schema = z.object({
  PATH: z.string().default(''),
  HOME: text,
  XDG_CACHE_HOME: text,
  INIT_CWD: text,
  STUDIO_CACHE_DIR: text,
  STUDIO_STATE_DIR: text,
  STUDIO_POCKETBASE_BIN: text,
  STUDIO_S3_BIN: text,
  STUDIO_CHROMIUM_BIN: text,

  WEB_PORT: port,
  BFF_PORT: port,
  ASSET_SERVER_PORT: port,
  POCKETBASE_PORT: port,
  POSTGRES_PORT: port,
  S3_PORT: port,

  DATABASE_URL: z.url().optional(),
  POCKETBASE_URL: z.url().optional(),
  POCKETBASE_PUBLIC_URL: z.url().optional(),
  POCKETBASE_SERVICE_EMAIL: text,
  POCKETBASE_SERVICE_PASSWORD: text,
  POCKETBASE_SUPERUSER_EMAIL: text,
  POCKETBASE_SUPERUSER_PASSWORD: text,
  S3_ENDPOINT: z.url().optional(),
  S3_PUBLIC_ENDPOINT: z.url().optional(),
  S3_REGION: text,
  S3_BUCKET: text,
  S3_ACCESS_KEY_ID: text,
  S3_SECRET_ACCESS_KEY: text,
  LOG_LEVEL: text,

  PROJECT_QUOTA_BYTES: text,
  POLYGLOT_POLICY: text,
  TRASH_RETENTION_DAYS: text,
  UPLOAD_TRANSPORT: text,
  TUS_STALL_SECONDS: text,
  IMPORT_MAX_BYTES: text,
  IMPORT_ALLOWED_PORTS: text,
  IMPORT_ALLOWED_ADDRESSES: text,
})

/** The variables that the development tools understand; see the README for what each does. */
export type DevEnvironment = z.infer<typeof schema> & {
  /** Everything else, handed on to compilers and installers but not to the supervised processes. */
  readonly inherited: Readonly<Record<string, string>>
}

/** Reads and checks the environment; a variable that is set but empty counts as not set. */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): DevEnvironment {
  const inherited = Object.fromEntries(
    Object.entries(source).filter((entry): entry is [string, string] => Boolean(entry[1])),
  )
  const parsed = schema.safeParse(inherited)
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new DevError(`The environment holds what cannot be used. ${faults.join('; ')}`)
  }
  return { ...parsed.data, inherited }
}

// Rules of the Asset Service, which checks them itself.
const ASSET_SERVER_RULES = [
  'PROJECT_QUOTA_BYTES',
  'POLYGLOT_POLICY',
  'TRASH_RETENTION_DAYS',
  'UPLOAD_TRANSPORT',
  'TUS_STALL_SECONDS',
  'IMPORT_MAX_BYTES',
  'IMPORT_ALLOWED_PORTS',
  'IMPORT_ALLOWED_ADDRESSES',
] as const satisfies readonly (keyof DevEnvironment)[]

/** The rules of the Asset Service that this environment sets. */
export function assetServerRules(environment: DevEnvironment): Record<string, string> {
  return Object.fromEntries(
    ASSET_SERVER_RULES.flatMap((name) => {
      const value = environment[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

// Names that a process needs to find its programs, certificates, home and language. Nothing else is handed on, so
// that a supervised process behaves the same in every shell, and under vitest, which sets NODE_ENV and BASE_URL.
const HANDED_ON =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TMPDIR|XDG_.*|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|https?_proxy|no_proxy|LOG_LEVEL|FORCE_COLOR|NO_COLOR)$/i

/** The part of the environment that every supervised process gets. */
export function baseProcessEnvironment(environment: DevEnvironment): Record<string, string> {
  return Object.fromEntries(Object.entries(environment.inherited).filter(([name]) => HANDED_ON.test(name)))
}
