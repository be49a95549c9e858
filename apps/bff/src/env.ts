/** The BFF's settings, read once at start. No other file of this app reads the environment. */
import { z } from 'zod'

const address = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))

const environmentSchema = z
  .object({
    BFF_HOST: z.string().min(1).default('127.0.0.1'),
    BFF_PORT: z.coerce.number().int().min(0).max(65_535),
    /** Also the issuer of the service tokens: it must be what the Asset Service trusts. */
    BFF_PUBLIC_URL: address,
    BFF_SIGNING_KEY_FILE: z.string().min(1),
    ASSET_SERVICE_URL: address,
    ASSET_SERVICE_PUBLIC_URL: address.optional(),
    POCKETBASE_URL: address,
    POCKETBASE_PUBLIC_URL: address,
    ALLOWED_ORIGINS: z
      .string()
      .default('')
      .transform((list) =>
        list
          .split(',')
          .map((origin) => origin.trim())
          .filter((origin) => origin !== ''),
      ),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  })
  .transform((env) => ({
    host: env.BFF_HOST,
    port: env.BFF_PORT,
    publicUrl: env.BFF_PUBLIC_URL,
    signingKeyFile: env.BFF_SIGNING_KEY_FILE,
    assetServiceUrl: env.ASSET_SERVICE_URL,
    assetServicePublicUrl: env.ASSET_SERVICE_PUBLIC_URL ?? env.ASSET_SERVICE_URL,
    pocketbaseUrl: env.POCKETBASE_URL,
    pocketbasePublicUrl: env.POCKETBASE_PUBLIC_URL,
    allowedOrigins: env.ALLOWED_ORIGINS,
    logLevel: env.LOG_LEVEL,
  }))

export type BffSettings = z.output<typeof environmentSchema>

/** Reads the settings; throws a `ZodError` that names every variable that is missing or wrong, without its value. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): BffSettings {
  return environmentSchema.parse(environment)
}
