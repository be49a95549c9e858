/** Where the development server listens and which BFF it stands in front of: the only reader of the environment here. */
import { z } from 'zod'

const envSchema = z.object({
  WEB_HOST: z.string().default('127.0.0.1'),
  WEB_PORT: z.coerce.number().int().positive().default(5173),
  /** Where the development server keeps what it prepared; by default beside the dependencies. */
  WEB_CACHE_DIR: z.string().min(1).optional(),
  /** Without it the page still loads and says that Studio does not answer. */
  BFF_URL: z.url().optional(),
})

export const env = envSchema.parse(process.env)
