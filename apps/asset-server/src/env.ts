/** The Asset Service's environment, read and checked once. */
import { z } from 'zod'
import { trustedIssuerSchema } from '@studio/contracts/actor'

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
  OBJECT_STORE: z.string().regex(/^[a-z0-9]+$/),
  POCKETBASE_URL: z.url(),
  POCKETBASE_SERVICE_EMAIL: z.string().min(1),
  POCKETBASE_SERVICE_PASSWORD: z.string().min(1),
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

/** The part of the server's environment that an operator's command needs. Throws like `readEnv`. */
export function readServiceEnv(variables: Variables = process.env): ServiceEnv {
  return read(serviceSchema, variables)
}
