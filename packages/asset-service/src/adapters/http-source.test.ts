/** What the source of imports reaches, what it never reaches, and what it makes of servers that lie. */
import { gzipSync } from 'node:zlib'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { OpenedSource } from '../ports/http-source.ts'
import { startWebServer, type WebServer } from '../testing/web-server.ts'
import { createHttpSource, type HttpSourceOptions, type Resolve } from './http-source.ts'

const DEADLINE = () => AbortSignal.timeout(10_000)

const pages: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/photo%20one.png': (_, response) =>
    response.writeHead(200, { 'content-type': 'image/png; x=y', 'content-length': '5' }).end('hello'),
  '/named': (_, response) =>
    response
      .writeHead(200, { 'content-disposition': "attachment; filename*=UTF-8''%E6%9C%80%E7%B5%82.txt" })
      .end('named'),
  '/evil-name': (_, response) =>
    response.writeHead(200, { 'content-disposition': 'attachment; filename="../../etc/passwd"' }).end('x'),
  '/short': (_, response) => {
    response.writeHead(200, { 'content-length': '10' })
    response.write('four')
    setImmediate(() => response.destroy())
  },
  '/zipped': (_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a'.repeat(100_000))),
  '/missing': (_, response) => response.writeHead(404).end(),
  '/empty': (_, response) => response.writeHead(204).end(),
  '/loop': (_, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/moved': (_, response) => response.writeHead(301, { location: '/photo%20one.png' }).end(),
  '/to-private': (_, response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end(),
  '/to-metadata': (_, response) =>
    response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
  '/to-name': (_, response) =>
    response.writeHead(302, { location: `http://rebound.test:${web.port}/x` }).end(),
  '/to-file': (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/to-port': (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
}

let web: WebServer
beforeAll(async () => {
  web = await startWebServer((request, response) => {
    const page = pages[request.url ?? '']
    if (page === undefined) response.writeHead(200).end('default')
    else page(request, response)
  })
})
afterAll(() => web.close())

const open = (path: string, options: HttpSourceOptions = {}): Promise<OpenedSource> =>
  createHttpSource({ allowedAddresses: ['127.0.0.1'], allowedPorts: [web.port], ...options }).open(
    path.startsWith('/') ? `${web.url}${path}` : path,
    DEADLINE(),
  )
async function textOf(source: OpenedSource): Promise<string> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of source.body) chunks.push(chunk)
  } finally {
    await source.close()
  }
  return Buffer.concat(chunks).toString()
}

describe('a file', () => {
  test('is told of by what the server says, and its bytes come', async () => {
    const source = await open('/photo%20one.png')
    expect(source).toMatchObject({ size: 5, mimeType: 'image/png', name: 'photo one.png' })
    expect(await textOf(source)).toBe('hello')
  })

  test('has the name that the server gives it, unless that is none', async () => {
    const named = await open('/named')
    expect(named.name).toBe('最終.txt')
    await named.close()
    const evil = await open('/evil-name')
    expect(evil.name).toBe('evil-name')
    await evil.close()
  })

  test('is asked for without credentials, and not compressed', async () => {
    web.requests.length = 0
    await textOf(await open('/moved'))
    for (const { headers } of web.requests) {
      expect(headers['accept-encoding']).toBe('identity')
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['cookie', 'authorization', 'referer']))
    }
    expect(web.requests).toHaveLength(2)
  })

  test('is fetched from the address that was checked, under the name that was asked for', async () => {
    web.requests.length = 0
    const resolve = vi.fn<Resolve>(async () => [{ address: '127.0.0.1', family: 4 }])
    expect(await textOf(await open(`http://files.test:${web.port}/a`, { resolve }))).toBe('default')
    expect(resolve).toHaveBeenCalledExactlyOnceWith('files.test')
    expect(web.requests[0]?.headers.host).toBe(`files.test:${web.port}`)
  })
})

describe('IMPORT_ADDRESS_REFUSED is said of', () => {
  const refusal = expect.objectContaining({ code: 'IMPORT_ADDRESS_REFUSED' })

  test.each([
    'http://127.0.0.1/',
    'http://localhost/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://0x7f.1/',
    'http://127.1/',
    'http://0/',
    'http://169.254.169.254/latest/meta-data',
    'http://100.100.100.200/',
    'http://[fd00:ec2::254]/',
    'https://192.168.0.1/',
    'http://user:secret@example.com/',
    'http://example.com:22/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'not an address',
  ])('%s', async (url) => {
    await expect(createHttpSource().open(url, DEADLINE())).rejects.toThrow(refusal)
  })

  test.each(['/to-private', '/to-metadata', '/to-file', '/to-port'])('a redirect: %s', async (path) => {
    await expect(open(path)).rejects.toThrow(refusal)
  })

  test('a name that means a private address, alone or beside a public one', async () => {
    for (const address of ['10.0.0.7', '::1', '::ffff:10.0.0.7']) {
      const family = address.includes(':') ? 6 : 4
      const resolve: Resolve = async () => [
        { address: '93.184.216.34', family: 4 },
        { address, family },
      ]
      await expect(open('http://both.test/', { resolve })).rejects.toThrow(refusal)
    }
  })

  test('a name that means another host when it is asked for again: each hop is resolved and pinned', async () => {
    // Rebinding: allowed at first, private when a redirect leads to it again.
    const answers = ['127.0.0.1', '10.0.0.7']
    const resolve: Resolve = async () => [{ address: answers.shift() ?? '10.0.0.7', family: 4 }]
    await expect(open(`http://rebound.test:${web.port}/to-name`, { resolve })).rejects.toThrow(refusal)
    expect(answers).toEqual([])
  })
})

describe('IMPORT_FAILED is said of', () => {
  const failure = expect.objectContaining({ code: 'IMPORT_FAILED' })

  test.each(['/missing', '/empty', '/loop', '/zipped'])('an answer that is no file: %s', async (path) => {
    await expect(open(path)).rejects.toThrow(failure)
  })

  test('a body that is shorter than it said', async () => {
    await expect(open('/short').then(textOf)).rejects.toThrow(failure)
  })

  test('a name without an address, and a resolver that does not answer in time', async () => {
    await expect(open('http://nowhere.test/', { resolve: async () => [] })).rejects.toThrow(failure)
    const silent = createHttpSource({ resolve: () => new Promise(() => undefined) })
    await expect(silent.open('http://silent.test/', AbortSignal.timeout(50))).rejects.toThrow(failure)
  })

  test('a body that is taken when the source is closed', async () => {
    const source = createHttpSource({ allowedAddresses: ['127.0.0.1'], allowedPorts: [endless.port] })
    const opened = await source.open(endless.url, DEADLINE())
    const taking = textOf(opened)
    await source.close()
    await expect(taking).rejects.toThrow(failure)
  })

  let endless: WebServer
  beforeAll(async () => {
    endless = await startWebServer((_request, response) => response.writeHead(200).write('on and on'))
  })
  afterAll(() => endless.close())
})
