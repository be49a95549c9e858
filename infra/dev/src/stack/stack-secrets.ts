/** The passwords and keys of a stack: made once, kept in its state folder, readable by their owner alone. */

import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { DevError } from '../dev-error.ts'
import { writeWholeFile } from '../write-whole-file.ts'

const credentials = z.object({ email: z.string(), password: z.string() })
const schema = z.object({
  /** Tells this state folder's data from that of an earlier one at the same place. */
  stateKey: z.string(),
  superuser: credentials,
  service: credentials,
  demoPassword: z.string(),
  postgresPassword: z.string(),
  s3AccessKeyId: z.string(),
  s3SecretAccessKey: z.string(),
  filesystemSigningSecret: z.string(),
  /** The BFF's signing key, kept in a file of its own that only the BFF is told of. */
  bffSigningKeyFile: z.string(),
})

export type StackSecrets = z.infer<typeof schema>

/** Reads the secrets of this state folder, or makes them. */
export async function loadStackSecrets(stateDirectory: string): Promise<StackSecrets> {
  const file = path.join(stateDirectory, 'secrets.json')
  const content = await readFile(file, 'utf8').catch(() => undefined)
  if (content !== undefined) return parse(file, content)

  const secrets: StackSecrets = {
    stateKey: randomBytes(6).toString('hex'),
    superuser: { email: 'superuser@studio.test', password: password() },
    service: { email: 'asset-service@studio.test', password: password() },
    // People type this one.
    demoPassword: `studio-${randomBytes(4).toString('hex')}`,
    postgresPassword: password(),
    s3AccessKeyId: `studio-${randomBytes(6).toString('hex')}`,
    s3SecretAccessKey: password(),
    filesystemSigningSecret: password(),
    bffSigningKeyFile: path.join(stateDirectory, 'bff-signing-key.json'),
  }
  writeWholeFile(secrets.bffSigningKeyFile, createSigningKey())
  writeWholeFile(file, secrets)
  return secrets
}

function parse(file: string, content: string): StackSecrets {
  try {
    return schema.parse(JSON.parse(content))
  } catch (thrown) {
    throw new DevError(`${file} cannot be used. Start over with --fresh.`, { cause: thrown })
  }
}

// Letters and digits only: a password that begins with a hyphen would be an option on PocketBase's command line.
function password(): string {
  return randomBytes(16).toString('hex')
}

// A private JWK (RFC 7517) for ES256, named by its thumbprint (RFC 7638).
function createSigningKey(): object {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { crv, kty, x, y, d } = privateKey.export({ format: 'jwk' })
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url')
  return { kty, crv, x, y, d, kid, alg: 'ES256', use: 'sig' }
}
