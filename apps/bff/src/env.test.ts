import { expect, it } from 'vitest'
import { z } from 'zod'
import { readSettings } from './env.ts'

const COMPLETE = {
  BFF_PORT: '4000',
  BFF_PUBLIC_URL: 'https://studio.test',
  BFF_SIGNING_KEY_FILE: '/run/secrets/bff.json',
  ASSET_SERVICE_URL: 'http://assets.internal:4001/',
  POCKETBASE_URL: 'http://records.internal:8090',
  POCKETBASE_PUBLIC_URL: 'https://records.studio.test/',
}

it('reads a complete environment, and needs no more than that', () => {
  expect(readSettings(COMPLETE)).toEqual({
    host: '127.0.0.1',
    port: 4000,
    publicUrl: 'https://studio.test',
    signingKeyFile: '/run/secrets/bff.json',
    assetServiceUrl: 'http://assets.internal:4001',
    assetServicePublicUrl: 'http://assets.internal:4001',
    pocketbaseUrl: 'http://records.internal:8090',
    pocketbasePublicUrl: 'https://records.studio.test',
    allowedOrigins: [],
    logLevel: 'info',
  })
})

it('reads a list of origins', () => {
  const { allowedOrigins } = readSettings({ ...COMPLETE, ALLOWED_ORIGINS: 'https://a.test, https://b.test,' })
  expect(allowedOrigins).toEqual(['https://a.test', 'https://b.test'])
})

it.each(Object.keys(COMPLETE))('names %s when it is missing', (name) => {
  expect(() => readSettings({ ...COMPLETE, [name]: undefined })).toThrow(name)
})

it.each([
  ['BFF_PORT', '65536'],
  ['BFF_PORT', 'http'],
  ['BFF_PUBLIC_URL', 'studio.test'],
  ['ASSET_SERVICE_URL', 'ftp://assets.internal'],
  ['LOG_LEVEL', 'loud'],
])('refuses %s=%s by its name, without repeating the value', (name, value) => {
  const error = catchError(() => readSettings({ ...COMPLETE, [name]: value }))
  expect(error).toBeInstanceOf(z.ZodError)
  const message = z.prettifyError(error as z.ZodError)
  expect(message).toContain(name)
  expect(message).not.toContain(value)
})

function catchError(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}
