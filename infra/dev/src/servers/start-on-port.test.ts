import { createServer, type Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PortTakenError } from '../dev-error.ts'
import { findFreePort, isPortFree, startOnPort } from './start-on-port.ts'

let other: Server
let taken: number
beforeEach(async () => {
  other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  taken = (other.address() as AddressInfo).port
})
afterEach(() => new Promise((resolve) => other.close(resolve)))

test('the preferred port is taken when it is free, again and again', async () => {
  const port = await findFreePort()
  expect(await startOnPort({ preferred: port }, async (chosen) => chosen)).toBe(port)
  expect(await startOnPort({ preferred: port }, async (chosen) => chosen)).toBe(port)
})

test('another port is taken when something listens on the preferred one', async () => {
  expect(await isPortFree(taken)).toBe(false)
  expect(await startOnPort({ preferred: taken }, async (chosen) => chosen)).not.toBe(taken)
})

test('a port that another process takes in between is given up for the next', async () => {
  const tried: number[] = []
  const port = await startOnPort({}, async (chosen) => {
    tried.push(chosen)
    if (tried.length === 1) throw new PortTakenError(chosen, 'taken')
    return chosen
  })
  expect(tried).toHaveLength(2)
  expect(port).toBe(tried[1])
})

test('a required port is never replaced, and other faults are never tried again', async () => {
  const refuse = async (port: number) => {
    throw new PortTakenError(port, `port ${port} is taken`)
  }
  await expect(startOnPort({ required: taken }, refuse)).rejects.toThrow(`port ${taken} is taken`)
  let tries = 0
  const fail = async () => {
    tries += 1
    throw new Error('broken')
  }
  await expect(startOnPort({}, fail)).rejects.toThrow('broken')
  expect(tries).toBe(1)
})
