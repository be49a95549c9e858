/** Bytes that pass the Asset Service by tus: how fast against one PUT to S3, and in how much memory. */

import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { GIB, MIB } from '@studio/contracts/limits'
import type { BenchStack } from '../bench-stack.ts'
import { expectSame, WrongAnswerError } from '../bench-error.ts'
import { rowOf } from '../bounds.ts'
import { makeFile } from '../made-file.ts'
import { residentMemory, resetPeakMemory } from '../process-usage.ts'
import { signServiceToken } from '../service-token.ts'
import { interleave, medianOf, medianRatio, timed } from '../statistics.ts'
import type { RowGroup } from './measure.ts'

const SIZE = 256 * MIB
const LARGE = 5 * GIB
const CHUNK = 64 * 1024

interface TusSender {
  /** Resolves to the file's id when the file is stored. */
  send(name: string, size: number, body: () => Readable): Promise<string>
  /** The SHA-256 that the service computed as the bytes came by. */
  sha256(fileId: string): Promise<string | null>
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

async function openSender({ stack, person }: BenchStack): Promise<TusSender> {
  const url = stack.urls['asset-server']
  const token = await signServiceToken({
    keyFile: stack.secrets.bffSigningKeyFile,
    issuer: stack.urls.bff,
    subject: 'benchbenchbench',
  })
  const headers = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' }
  return {
    async send(name, size, body) {
      const metadata = { filename: name, filetype: 'application/octet-stream', projectId: person.projectId }
      const pairs = Object.entries(metadata).map(([key, value]) => `${key} ${base64(value)}`)
      const created = await fetch(`${url}/tus`, {
        method: 'POST',
        headers: { ...headers, 'upload-length': String(size), 'upload-metadata': pairs.join(',') },
      })
      const location = created.headers.get('location')
      if (created.status !== 201 || location === null)
        throw new WrongAnswerError(`tus answered ${created.status} to a creation`)
      const offset = await patch({ url: `${url}${location}`, headers, size, body: body() })
      expectSame('the offset after the last byte', { is: offset, should: String(size) })
      return location.split('/').at(-1) ?? ''
    },
    async sha256(fileId) {
      const answer = await fetch(`${url}/trpc/uploads.complete`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ fileId }),
      })
      if (!answer.ok) throw new WrongAnswerError(`the Asset Service answered ${answer.status} to complete`)
      const { result } = (await answer.json()) as { result: { data: { sha256: string | null } } }
      return result.data.sha256
    },
  }
}

interface Patch {
  url: string
  headers: Record<string, string>
  size: number
  body: Readable
}

/** Resolves to the offset that the service has, once all is stored. */
async function patch({ url, headers, size, body }: Patch): Promise<string> {
  const sent = request(url, {
    method: 'PATCH',
    headers: {
      ...headers,
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
      'content-length': size,
    },
  })
  const answered = new Promise<string>((resolve, reject) => {
    sent.on('error', reject)
    sent.on('response', (response) => {
      response.resume()
      if (response.statusCode === 204) resolve(String(response.headers['upload-offset']))
      else reject(new WrongAnswerError(`tus answered ${response.statusCode} to a PATCH`))
    })
  })
  await Promise.all([pipeline(body, sent), answered])
  return answered
}

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += CHUNK) yield bytes.subarray(start, start + CHUNK)
}

export const tusRelay: RowGroup = {
  title: '256 MiB by tus',
  names: ['tusRelay'],
  async measure(bench, { rounds }) {
    const sender = await openSender(bench)
    const file = makeFile(SIZE)
    const rate = (milliseconds: number): number => SIZE / MIB / (milliseconds / 1000)
    const rates = await interleave(rounds, {
      raw: async () => {
        const [target] = await bench.raw.sign(1)
        if (target === undefined) throw new WrongAnswerError('nothing was signed')
        const took = await timed(() => bench.raw.put(target, file))
        await bench.raw.expectStored(target.key, file)
        await bench.raw.delete(target.key)
        return rate(took)
      },
      studio: async () => {
        let fileId = ''
        const took = await timed(async () => {
          fileId = await sender.send(file.name, SIZE, () => Readable.from(piecesOf(file.bytes)))
        })
        expectSame('the SHA-256 of a relayed file', { is: await sender.sha256(fileId), should: file.sha256 })
        return rate(took)
      },
    })
    const [studio, raw] = [rates.studio, rates.raw].map((each) => Math.round(medianOf(each)))
    return [
      rowOf('tusRelay', {
        figure: medianRatio(rates.studio, rates.raw),
        detail: `ours ${studio} MiB/s, raw ${raw} MiB/s in one piece`,
      }),
    ]
  },
}

/** So many bytes, each MiB another, without having them all in memory; `hash` sees them as they go. */
function* generated(size: number, hash: { update(bytes: Buffer): unknown }): Generator<Buffer> {
  const block = makeFile(MIB).bytes
  for (let sent = 0; sent < size; sent += MIB) {
    // The beginning decides a file's type; what follows tells one MiB from the next.
    const copy = Buffer.from(block)
    copy.writeDoubleBE(sent, MIB / 2)
    hash.update(copy)
    yield copy
  }
}

export const relayMemory: RowGroup = {
  title: '5 GiB by tus',
  names: ['relayMemory'],
  async measure(bench, { onLine }) {
    const server = bench.stack.part('asset-server')
    await server.stop()
    await server.start()
    const sender = await openSender(bench)
    const before = await residentMemory(server.pid())
    await resetPeakMemory(server.pid())
    const hash = createHash('sha256')
    let fileId = ''
    const took = await timed(async () => {
      fileId = await sender.send('five-gib.bin', LARGE, () => Readable.from(generated(LARGE, hash)))
    })
    onLine(`5 GiB in ${Math.round(took / 1000)} s`)
    const { peak } = await residentMemory(server.pid())
    expectSame('the SHA-256 of 5 GiB', { is: await sender.sha256(fileId), should: hash.digest('hex') })
    return [
      rowOf('relayMemory', {
        figure: peak,
        detail: `${Math.round(before.now)} MiB before; ${Math.round(LARGE / MIB / (took / 1000))} MiB/s`,
      }),
    ]
  },
}
