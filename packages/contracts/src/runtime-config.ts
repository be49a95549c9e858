/** What the browser is told at start: public addresses and limits, never a secret. */
import { z } from 'zod'

export const runtimeConfigSchema = z.object({
  pocketbaseUrl: z.url(),
  assetServiceUrl: z.url(),
  inlineMaxBytes: z.int().positive(),
  fileMaxBytes: z.int().positive(),
})
export type RuntimeConfig = z.infer<typeof runtimeConfigSchema>

/** Where the BFF serves it. */
export const RUNTIME_CONFIG_PATH = '/api/secrets-config'
