/** Port: who calls, by the service token they bring. */
import type { Actor } from '@studio/contracts/actor'

export interface TokenVerifier {
  /** The caller of a valid token; rejects with `UNAUTHENTICATED` for every other. */
  verify(token: string): Promise<Actor>
}
