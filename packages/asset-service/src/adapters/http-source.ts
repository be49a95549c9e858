/** Files from the web, fetched so that nobody can make this server reach where only it can: each hop is checked and pinned. */
import { lookup as lookupName } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { parse as parseDisposition } from 'content-disposition'
import { Agent, request, type Dispatcher } from 'undici'
import { fileNameSchema, mimeTypeSchema } from '@studio/contracts/file'
import { StudioError } from '@studio/contracts/studio-error'
import type { HttpSource, OpenedSource } from '../ports/http-source.ts'
import { addressList, isPublicAddress } from './public-addresses.ts'

const REDIRECTS_MAX = 5
const CONNECT_WITHIN_MS = 5_000
/** From the request to the answer's headers. */
const ANSWER_WITHIN_MS = 20_000
/** Between two pieces of the body. */
const IDLE_MAX_MS = 20_000
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const WEB_PORTS: readonly number[] = [80, 443]

export interface ResolvedAddress {
  address: string
  family: number
}

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>

export interface HttpSourceOptions {
  /** Addresses and networks (CIDR) that are fetched from although they are not public: a deployment's own, and tests'. */
  allowedAddresses?: readonly string[]
  /** Beside 80 and 443. */
  allowedPorts?: readonly number[]
  resolve?: Resolve
}

const refused = (cause: string): StudioError => new StudioError('IMPORT_ADDRESS_REFUSED', { cause })
const failed = (cause: unknown): StudioError => new StudioError('IMPORT_FAILED', { cause })

/** One hop: where it goes, and the only addresses that it may connect to. */
interface Hop {
  url: URL
  addresses: readonly ResolvedAddress[]
}

interface Gate {
  isAllowed: (address: string) => boolean
  ports: ReadonlySet<number>
  resolve: Resolve
}

function checkedUrl(text: string, base: URL | undefined, ports: ReadonlySet<number>): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base?.href) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw refused('not http')
  if (url.username !== '' || url.password !== '') throw refused('credentials in the address')
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  if (!ports.has(port)) throw refused(`port ${port}`)
  return url
}

/** A resolver takes no signal: it is waited for until then, and not after. */
async function resolved(gate: Gate, hostname: string, signal: AbortSignal): Promise<ResolvedAddress[]> {
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(failed(signal.reason)), { once: true })
  })
  try {
    return await Promise.race([gate.resolve(hostname), aborted])
  } catch (cause) {
    throw failed(cause)
  }
}

/** The name is resolved once, here; every address it has must be public, since the resolver chooses their order. */
async function checkedHop(gate: Gate, url: URL, signal: AbortSignal): Promise<Hop> {
  // The URL parser has made one notation of decimal, octal and hexadecimal IPv4 (URL Standard, "host parsing").
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  const family = isIP(hostname)
  const addresses = family === 0 ? await resolved(gate, hostname, signal) : [{ address: hostname, family }]
  if (addresses.length === 0) throw failed(`${hostname} has no address`)
  const closed = addresses.find(({ address }) => !gate.isAllowed(address))
  if (closed !== undefined) throw refused(`${hostname} is ${closed.address}`)
  return { url, addresses }
}

/** Answers whatever name is asked for with what was checked: a name that means another host by now changes nothing. */
function pinnedLookup(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses
    if (options.all === true) callback(null, [...addresses])
    else callback(null, first?.address ?? '', first?.family)
  }
}

/** An agent for one hop: no connection is kept, and no proxy is asked. */
function agentFor({ addresses }: Hop): Agent {
  return new Agent({
    connect: { lookup: pinnedLookup(addresses), timeout: CONNECT_WITHIN_MS },
    headersTimeout: ANSWER_WITHIN_MS,
    bodyTimeout: IDLE_MAX_MS,
    connections: 1,
    pipelining: 0,
  })
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}

/** Names are data of others: what is no name for a file is none. */
function nameOf(url: URL, disposition: string | undefined): string | undefined {
  const candidates: string[] = []
  try {
    const named = disposition === undefined ? undefined : parseDisposition(disposition).parameters['filename']
    if (named !== undefined) candidates.push(named)
    candidates.push(decodeURIComponent(url.pathname.split('/').at(-1) ?? ''))
  } catch {
    // Neither a header nor a path that cannot be read names anything.
  }
  return candidates.find((candidate) => fileNameSchema.safeParse(candidate).success)
}

/** `undefined` without one; a length that is no number is a lie from the start. */
function sizeOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const size = Number(header)
  if (!/^\d+$/.test(header) || !Number.isSafeInteger(size)) throw failed(`content-length ${header}`)
  return size
}

async function* checkedBody(body: AsyncIterable<Uint8Array>, size: number | undefined) {
  let received = 0
  try {
    for await (const chunk of body) {
      received += chunk.byteLength
      if (size !== undefined && received > size) throw failed('longer than it said')
      yield chunk
    }
  } catch (cause) {
    throw cause instanceof StudioError ? cause : failed(cause)
  }
  if (size !== undefined && received !== size) throw failed(`${received} bytes in place of ${size}`)
}

function openedSource(hop: Hop, answer: Dispatcher.ResponseData, close: () => Promise<void>): OpenedSource {
  const { headers, body } = answer
  const encoding = single(headers['content-encoding']) ?? 'identity'
  if (encoding !== 'identity') throw failed(`content-encoding ${encoding}, which was not asked for`)
  const size = sizeOf(single(headers['content-length']))
  return {
    size,
    mimeType: mimeTypeSchema.safeParse(single(headers['content-type'])).data,
    name: nameOf(hop.url, single(headers['content-disposition'])),
    body: checkedBody(body, size),
    close,
  }
}

/** Opens connections to public addresses only, but for those that the options name. */
export function createHttpSource(options: HttpSourceOptions = {}): HttpSource {
  const allowed = addressList(options.allowedAddresses ?? [])
  const gate: Gate = {
    isAllowed: (address) =>
      isPublicAddress(address) ||
      (isIP(address) !== 0 && allowed.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')),
    ports: new Set([...WEB_PORTS, ...(options.allowedPorts ?? [])]),
    resolve: options.resolve ?? ((hostname) => lookupName(hostname, { all: true, verbatim: true })),
  }
  const agents = new Set<Agent>()

  /** One request; its agent goes with it. `location`: where it redirects to. */
  async function ask(
    hop: Hop,
    signal: AbortSignal,
  ): Promise<{ location: string } | { source: OpenedSource }> {
    const agent = agentFor(hop)
    agents.add(agent)
    const close = async (): Promise<void> => {
      agents.delete(agent)
      await agent.destroy()
    }
    try {
      const headers = { 'accept-encoding': 'identity', accept: '*/*', 'user-agent': 'Studio' }
      const answer = await request(hop.url, { dispatcher: agent, method: 'GET', headers, signal })
      // Whoever closes in the middle of the body makes an error of it that nobody waits for.
      answer.body.on('error', () => undefined)
      if (answer.statusCode === 200) return { source: openedSource(hop, answer, close) }
      const location = single(answer.headers['location'])
      if (!REDIRECTS.has(answer.statusCode) || location === undefined)
        throw failed(`status ${answer.statusCode}`)
      await close()
      return { location }
    } catch (cause) {
      await close()
      throw cause instanceof StudioError ? cause : failed(cause)
    }
  }

  return {
    async open(text, signal) {
      let url = checkedUrl(text, undefined, gate.ports)
      for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
        const answer = await ask(await checkedHop(gate, url, signal), signal)
        if ('source' in answer) return answer.source
        url = checkedUrl(answer.location, url, gate.ports)
      }
      throw failed(`more than ${REDIRECTS_MAX} redirects`)
    },
    async close() {
      await Promise.all([...agents].map((agent) => agent.destroy()))
    },
  }
}
