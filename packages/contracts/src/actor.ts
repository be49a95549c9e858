/** Who acts: the signed-in person, and the service token that carries their identity to the Asset Service. */
import { z } from 'zod'
import { recordIdSchema } from './record-id.ts'

export const userIdSchema = recordIdSchema.brand<'UserId'>()
export type UserId = z.infer<typeof userIdSchema>

/** What `GET /api/studio/whoami` answers. */
export const personSchema = z.object({ id: userIdSchema, email: z.string(), name: z.string() })
export type Person = z.infer<typeof personSchema>

/** The audience that every service token for the Asset Service names (RFC 7519, section 4.1.3). */
export const ASSET_SERVICE_AUDIENCE = 'asset-service'

export const scopeSchema = z.enum(['files:read', 'files:write'])
export type Scope = z.infer<typeof scopeSchema>

/** Claims of a service token. `sub` is the person or worker on whose behalf the issuer asks. */
export const serviceTokenClaimsSchema = z.object({
  iss: z.string().min(1),
  sub: z.string().min(1).max(255),
  scope: z
    .string()
    .transform((text) => text.split(' ').filter((scope) => scope !== ''))
    .pipe(z.array(z.string())),
})

/** The verified caller of the Asset Service: an upload belongs to `issuer` and `subject` together. */
export interface Actor {
  issuer: string
  subject: string
  scopes: ReadonlySet<string>
}

/** An issuer whose service tokens are accepted, and where it publishes its keys (RFC 7517). */
export const trustedIssuerSchema = z.object({ issuer: z.string().min(1), jwksUrl: z.url() })
export type TrustedIssuer = z.infer<typeof trustedIssuerSchema>
