/** The environment of the Asset Service that `pnpm dev` runs in a folder, as its supervisor wrote it there for operators. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

const schema = z.object({
  supervisor: z.int().positive(),
  variables: z.record(z.string(), z.string()),
})

/** A signal of 0 only asks whether the process is there (kill(2)); `EPERM`: it is, and somebody else's. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** `undefined`: none runs there. Rejects when the file is there and cannot be read. */
export async function readRunningStack(
  stateDirectory: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const content = await readFile(path.join(stateDirectory, 'asset-server.json'), 'utf8').catch(
    (error: unknown) => {
      if (isAbsence(error)) return undefined
      throw error
    },
  )
  if (content === undefined) return undefined
  const { supervisor, variables } = schema.parse(JSON.parse(content))
  // One that was killed leaves the file behind, and its addresses may be others' by now.
  return isAlive(supervisor) ? variables : undefined
}
