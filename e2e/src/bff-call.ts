/** Calls of the BFF's procedures past the web app, as anyone who holds a token can make them. */
import type { Person } from './people.ts'
import type { StudioAddress } from './studio-address.ts'

export interface BffAnswer {
  readonly status: number
  /** What the procedure answered. */
  readonly data: unknown
  /** The code from the closed list. */
  readonly code: string | undefined
}

/** One procedure, called over the wire as `@trpc/client` does it, with POST for queries too. */
export async function callBff(
  studio: StudioAddress,
  person: Person,
  { procedure, input }: { procedure: string; input: unknown },
): Promise<BffAnswer> {
  const response = await fetch(`${studio.bffUrl}/trpc/${procedure}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${person.records.authStore.token}`,
    },
    body: JSON.stringify(input),
  })
  const body = (await response.json()) as {
    result?: { data: unknown }
    error?: { data: { studio: { code: string } } }
  }
  return { status: response.status, data: body.result?.data, code: body.error?.data.studio.code }
}
