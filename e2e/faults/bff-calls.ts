/** Calls of the BFF as any client makes them, with an end to waiting. */

/** An answer that is no success: `code` from the closed list, or none where nobody answered in Studio's words. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed'
  readonly procedure: string
  readonly code: string | undefined
  readonly status: number | undefined

  constructor(procedure: string, told: { status?: number; code?: string | undefined; cause?: unknown }) {
    super(`${procedure}: ${told.code ?? told.status ?? 'no answer'} ${String(told.cause ?? '')}`, {
      cause: told.cause,
    })
    this.procedure = procedure
    this.code = told.code
    this.status = told.status
  }
}

export interface Caller {
  /** Where the BFF is, and as whom. */
  readonly url: string
  readonly token: string
}

interface Answer {
  readonly result?: { readonly data: unknown }
  readonly error?: {
    readonly message: string
    readonly data: { readonly studio?: { readonly code: string } }
  }
}

/** Longer than the services wait for each other when all is well, shorter than a person would. */
const PATIENCE_MS = 12_000

/** Throws `CallFailed`. */
export async function callBff({ url, token }: Caller, procedure: string, input: unknown): Promise<unknown> {
  const body = input instanceof Uint8Array ? new Uint8Array(input) : JSON.stringify(input)
  const answered = fetch(`${url}/trpc/${procedure}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': typeof body === 'string' ? 'application/json' : 'application/octet-stream',
    },
    body,
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  let status: number | undefined
  let answer: Answer
  try {
    const response = await answered
    status = response.status
    answer = (await response.json()) as Answer
  } catch (cause) {
    throw new CallFailed(procedure, { ...(status === undefined ? {} : { status }), cause })
  }
  if (answer.result === undefined) {
    const { message, data } = answer.error ?? {}
    throw new CallFailed(procedure, { status, code: data?.studio?.code, cause: message })
  }
  return answer.result.data
}

/** Sends bytes to the store. Throws `CallFailed`. */
export async function putBytes(
  { url, headers }: { url: string; headers: Record<string, string> },
  body: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const put = await fetch(url, {
    method: 'PUT',
    headers,
    body,
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch((cause: unknown) => {
    throw new CallFailed('PUT', { cause })
  })
  await put.body?.cancel()
  if (!put.ok) throw new CallFailed('PUT', { status: put.status })
}
