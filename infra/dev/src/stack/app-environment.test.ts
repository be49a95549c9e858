import { expect, test } from 'vitest'
import { appEnvironments, type StackFacts } from './app-environment.ts'

const facts: StackFacts = {
  databaseUrl: 'postgres://studio:database-password@127.0.0.1:1/studio',
  pocketbase: {
    url: 'http://127.0.0.1:2',
    publicUrl: 'https://records.example',
    superuser: { email: 'superuser@studio.test', password: 'superuser-password' },
    service: { email: 'asset-service@studio.test', password: 'service-password' },
  },
  objectStore: {
    kind: 's3',
    s3: {
      endpoint: 'http://127.0.0.1:3',
      publicEndpoint: 'https://objects.example',
      region: 'us-east-1',
      bucket: 'studio',
      accessKeyId: 'access-key',
      secretAccessKey: 'secret-key',
    },
  },
  webCacheDirectory: '/state/vite',
  assetServerRules: { PROJECT_QUOTA_BYTES: '1000' },
  ports: { 'asset-server': 4, bff: 5, web: 6 },
  secrets: {
    stateKey: 'key',
    superuser: { email: 'superuser@studio.test', password: 'superuser-password' },
    service: { email: 'asset-service@studio.test', password: 'service-password' },
    demoPassword: 'demo-password',
    postgresPassword: 'database-password',
    s3AccessKeyId: 'access-key',
    s3SecretAccessKey: 'secret-key',
    filesystemSigningSecret: 'signing-secret',
    bffSigningKeyFile: '/state/bff-signing-key.json',
  },
}

test('only the Asset Service is told of storage, database and service identity', () => {
  const { bff, web } = appEnvironments(facts)
  const told = JSON.stringify({ bff, web })
  for (const secret of [
    'access-key',
    'secret-key',
    'database-password',
    'service-password',
    'studio"',
    '127.0.0.1:3',
  ]) {
    expect(told).not.toContain(secret)
  }
})

test('the Asset Service alone is told its rules', () => {
  const { 'asset-server': assetServer, ...others } = appEnvironments(facts)
  expect(assetServer.PROJECT_QUOTA_BYTES).toBe('1000')
  expect(JSON.stringify(others)).not.toContain('PROJECT_QUOTA_BYTES')
})

test('nobody is told the superuser', () => {
  expect(JSON.stringify(appEnvironments(facts))).not.toContain('superuser')
})

test('the Asset Service trusts the BFF as an issuer, and both let the web app in under either name', () => {
  const { 'asset-server': assetServer, bff } = appEnvironments(facts)
  expect(JSON.parse(assetServer.TRUSTED_ISSUERS ?? '')).toEqual([
    { issuer: bff.BFF_PUBLIC_URL, jwksUrl: 'http://127.0.0.1:5/.well-known/jwks.json' },
  ])
  expect(assetServer.ALLOWED_ORIGINS).toBe('http://127.0.0.1:6,http://localhost:6')
  expect(bff.ALLOWED_ORIGINS).toBe(assetServer.ALLOWED_ORIGINS)
  expect(bff.ASSET_SERVICE_URL).toBe(assetServer.ASSET_SERVER_PUBLIC_URL)
})

test('without S3 the Asset Service keeps files in a folder and serves them itself', () => {
  const environments = appEnvironments({
    ...facts,
    objectStore: { kind: 'filesystem', directory: '/state/files' },
  })
  const { 'asset-server': assetServer } = environments
  expect(assetServer).toMatchObject({
    OBJECT_STORE: 'filesystem',
    FILESYSTEM_DIRECTORY: '/state/files',
    FILESYSTEM_SIGNING_SECRET: 'signing-secret',
    FILESYSTEM_PUBLIC_URL: 'http://127.0.0.1:4',
  })
  expect(Object.keys(assetServer).filter((name) => name.startsWith('S3_'))).toEqual([])
})
