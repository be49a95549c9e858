/** Where other commands find a running stack: a file with its public addresses, and one for operators, with secrets. */

import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { answersWith } from '../wait-until.ts'
import { writeWholeFile } from '../write-whole-file.ts'
import { findSupervisor } from './process-record.ts'
import type { Stack } from './start-stack.ts'

const schema = z.object({
  webUrl: z.url(),
  bffUrl: z.url(),
  assetServerUrl: z.url(),
  pocketbaseUrl: z.url(),
  /** What lies below must refuse whoever has no signed address. Not set where files are kept in a folder. */
  objectStoreUrl: z.url().optional(),
})

export type StackAddresses = z.infer<typeof schema>

/** The addresses of a stack. */
export function addressesOf(stack: Stack): StackAddresses {
  const { objectStore, pocketbase } = stack.servers
  return {
    webUrl: stack.urls.web,
    bffUrl: stack.urls.bff,
    assetServerUrl: stack.urls['asset-server'],
    pocketbaseUrl: pocketbase.url,
    ...(objectStore.kind === 's3'
      ? { objectStoreUrl: `${objectStore.s3.endpoint.replace(/\/$/, '')}/${objectStore.s3.bucket}` }
      : {}),
  }
}

/** Says where the stack is; call the answer when it is no longer there. */
export function publishStack(stack: Stack): () => Promise<void> {
  const addresses = stackFile(stack.stateDirectory)
  const operation = operatorFile(stack.stateDirectory)
  writeWholeFile(addresses, addressesOf(stack))
  // Read by the commands for operators (`apps/asset-server/src/assets/running-stack.ts`), which know this process to be dead
  // when it could not remove the file.
  writeWholeFile(operation, { supervisor: process.pid, variables: stack.environments['asset-server'] })
  return async () => {
    await rm(operation, { force: true })
    await rm(addresses, { force: true })
  }
}

/** The stack that runs in this folder and answers, or undefined. */
export async function findRunningStack(stateDirectory: string): Promise<StackAddresses | undefined> {
  if (!(await findSupervisor(stateDirectory))) return undefined
  const content = await readFile(stackFile(stateDirectory), 'utf8').catch(() => undefined)
  if (content === undefined) return undefined
  const parsed = schema.safeParse(JSON.parse(content))
  return parsed.success && (await answersWith(`${parsed.data.bffUrl}/readyz`, 200)) ? parsed.data : undefined
}

function stackFile(stateDirectory: string): string {
  return path.join(stateDirectory, 'stack.json')
}

function operatorFile(stateDirectory: string): string {
  return path.join(stateDirectory, 'asset-server.json')
}
