/** The Asset Service's environment, read and checked once. */
import path from 'node:path'
import { z } from 'zod'
import { trustedIssuerSchema } from '@studio/contracts/actor'
import { TRASH_RETENTION_DAYS } from '@studio/contracts/file-life'
import { readRunningStack } from './assets/running-stack.ts'

const listSchema = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
)

const trustedIssuersSchema = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'Not JSON' })
      return z.NEVER
    }
  })
  .pipe(z.array(trustedIssuerSchema).min(1))

/** What the service needs, whoever runs it: the server, or an operator's command. */
const serviceSchema = z.object({
  TRUSTED_ISSUERS: trustedIssuersSchema,
  /** The issuer whose subjects are PocketBase users; the first of the list unless said otherwise. */
  USER_ISSUER: z.string().optional(),
  DATABASE_URL: z.string().min(1),
  DATABASE_MAX_CONNECTIONS: z.coerce.number().int().positive().default(20),
  /** What a project may take up that has no quota of its own; absent: no limit. */
  PROJECT_QUOTA_BYTES: z.coerce.number().int().nonnegative().optional(),
  /** What becomes of files that are two things at once (a picture that is an archive as well). */
  POLYGLOT_POLICY: z.enum(['refuse', 'attachment']).default('attachment'),
  OBJECT_STORE: z.string().regex(/^[a-z0-9]+$/),
  POCKETBASE_URL: z.url(),
  POCKETBASE_SERVICE_EMAIL: z.string().min(1),
  POCKETBASE_SERVICE_PASSWORD: z.string().min(1),
  /** `relay`: for deployments whose store no client can reach. */
  UPLOAD_TRANSPORT: z.enum(['direct', 'relay']).default('direct'),
  /** After so long without a byte a body that passes this service is given up, and what came of it is kept. */
  TUS_STALL_SECONDS: z.coerce.number().positive().optional(),
  /** The largest file that is imported from the web; there is a limit without it as well. */
  IMPORT_MAX_BYTES: z.coerce.number().int().positive().optional(),
  /** Ports that files are imported from, beside 80 and 443. */
  IMPORT_ALLOWED_PORTS: listSchema
    .pipe(z.array(z.coerce.number<string>().int().min(1).max(65_535)))
    .default([]),
  /** Addresses and networks that are imported from although they are not public. */
  IMPORT_ALLOWED_ADDRESSES: listSchema.default([]),
  TRASH_RETENTION_DAYS: z.coerce.number().nonnegative().default(TRASH_RETENTION_DAYS),
})

const envSchema = serviceSchema.extend({
  ASSET_SERVER_HOST: z.string().default('127.0.0.1'),
  ASSET_SERVER_PORT: z.coerce.number().int().min(0).max(65_535),
  ALLOWED_ORIGINS: listSchema.default([]),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** From becoming the leader to the first reconciliation and scrub: a deployment's restarts should be over. */
  HOUSEKEEPING_AFTER_SECONDS: z.coerce.number().nonnegative().default(300),
  RECONCILE_EVERY_SECONDS: z.coerce
    .number()
    .positive()
    .default(6 * 3600),
  RECONCILE_GRACE_HOURS: z.coerce.number().nonnegative().default(24),
  /** How fast old files are read again; 0: not at all. */
  SCRUB_BYTES_PER_SECOND: z.coerce
    .number()
    .nonnegative()
    .default(4 * 1024 * 1024),
  SCRUB_AGAIN_DAYS: z.coerce.number().nonnegative().default(30),
})

interface StoreSettings {
  /** Settings of the object store: the variables that begin with its name. Each adapter checks its own. */
  storeSettings: Record<string, string | undefined>
}
export type ServiceEnv = z.output<typeof serviceSchema> & StoreSettings
export type Env = z.output<typeof envSchema> & StoreSettings

type Variables = Record<string, string | undefined>

/** Throws a list of what is missing or wrong, by variable; values are not repeated, since some are secrets. */
function read<Schema extends typeof serviceSchema>(schema: Schema, variables: Variables) {
  const parsed = schema.safeParse(variables)
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`The environment is not complete.\n${wrong.join('\n')}`)
  }
  const prefix = `${parsed.data.OBJECT_STORE.toUpperCase()}_`
  const storeSettings = Object.fromEntries(
    Object.entries(variables).filter(([name]) => name.startsWith(prefix)),
  )
  return { ...parsed.data, storeSettings }
}

/** The server's environment. Throws a list of what is missing or wrong. */
export function readEnv(variables: Variables = process.env): Env {
  return read(envSchema, variables)
}

/**
 * A deployment's environment names its `OBJECT_STORE`, and is taken as it is. Otherwise it is that of the stack that runs in
 * the state folder; never a mixture, since a registry that is not its store's makes files look like orphans.
 */
async function operatedVariables(variables: Variables): Promise<Variables> {
  if (variables['OBJECT_STORE']) return variables
  const stateDirectory = path.resolve(variables['STUDIO_STATE_DIR'] || '.studio')
  const stack = await readRunningStack(stateDirectory)
  if (stack === undefined) {
    throw new Error(
      `Which Asset Service? None runs from ${stateDirectory}, and the environment names none. ` +
        'Start `npx pnpm@12 dev`, or set what the server has: OBJECT_STORE and its settings, DATABASE_URL, ' +
        'TRUSTED_ISSUERS, POCKETBASE_URL, POCKETBASE_SERVICE_EMAIL and POCKETBASE_SERVICE_PASSWORD.',
    )
  }
  const others = Object.keys(stack).filter((name) => variables[name] && variables[name] !== stack[name])
  if (others.length > 0) {
    throw new Error(
      `The environment says otherwise than the stack that runs from ${stateDirectory}: ${others.join(', ')}. ` +
        'Unset these, or set OBJECT_STORE and everything else that the server has.',
    )
  }
  return stack
}

/** What an operator's command needs of the server's environment. Rejects with what is missing or wrong. */
export async function readOperatorEnv(variables: Variables = process.env): Promise<ServiceEnv> {
  return read(serviceSchema, await operatedVariables(variables))
}
