/** The environment of the two programs, read once and checked. */
import { z } from 'zod'
import { DemoError } from './demo-error.ts'

const serverSchema = z.object({
  BFF_URL: z.url(),
  POCKETBASE_URL: z.url(),
  DEMO_PASSWORD: z.string().min(8),
})

const demoSchema = serverSchema.extend({
  /** The store's endpoint and container; absent when the bytes are in a directory. */
  OBJECT_STORE_PROBE_URL: z.url().optional(),
  /** Where the person stood who called the package manager. */
  INIT_CWD: z.string().optional(),
})
export type DemoEnvironment = z.infer<typeof demoSchema>

const seedSchema = serverSchema.extend({
  POCKETBASE_SUPERUSER_EMAIL: z.string().min(1),
  POCKETBASE_SUPERUSER_PASSWORD: z.string().min(1),
})
export type SeedEnvironment = z.infer<typeof seedSchema>

export function readDemoEnvironment(): DemoEnvironment {
  return parse(demoSchema)
}

export function readSeedEnvironment(): SeedEnvironment {
  return parse(seedSchema)
}

function parse<Schema extends z.ZodType>(schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(process.env)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new DemoError(
    `The environment is not as needed (\`pnpm demo\` and \`pnpm dev\` set it): ${faults.join('; ')}`,
  )
}
