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

const envSchema = z.object({
  ASSET_SERVER_HOST: z.string().default('127.0.0.1'),
  ASSET_SERVER_PORT: z.coerce.number().int().min(0).max(65_535),
  ALLOWED_ORIGINS: listSchema.default([]),
  TRUSTED_ISSUERS: trustedIssuersSchema,
  /** The issuer whose subjects are PocketBase users; the first of the list unless said otherwise. */
  USER_ISSUER: z.string().optional(),
  DATABASE_URL: z.string().min(1),
  DATABASE_MAX_CONNECTIONS: z.coerce.number().int().positive().default(20),
  OBJECT_STORE: z.string().regex(/^[a-z0-9]+$/),
  POCKETBASE_URL: z.url(),
  POCKETBASE_SERVICE_EMAIL: z.string().min(1),
  POCKETBASE_SERVICE_PASSWORD: z.string().min(1),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

export type Env = z.output<typeof envSchema> & {
  /** Settings of the object store: the variables that begin with its name. Each adapter checks its own. */
  storeSettings: Record<string, string | undefined>
}

/** Throws a list of what is missing or wrong, by variable; values are not repeated, since some are secrets. */
export function readEnv(variables: Record<string, string | undefined> = process.env): Env {
  const parsed = envSchema.safeParse(variables)
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
