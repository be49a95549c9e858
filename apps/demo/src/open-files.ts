/** Opens the files that were named on the command line, without reading them. */
import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { DemoError } from './demo-error.ts'
import type { DemoFile } from './demo-file.ts'
import { mimeTypeOf } from './mime-type.ts'

/** Relative paths count from `directory`. All have to be there before any is uploaded. */
export async function openFiles(paths: readonly string[], directory: string): Promise<DemoFile[]> {
  return Promise.all(paths.map((path) => openFile(resolve(directory, path))))
}

async function openFile(path: string): Promise<DemoFile> {
  const found = await stat(path).catch((thrown: unknown) => {
    throw new DemoError(`There is no file ${path}`, { cause: thrown })
  })
  if (!found.isFile()) throw new DemoError(`${path} is not a file`)
  const name = basename(path)
  const mimeType = mimeTypeOf(name)
  return { name, mimeType, source: await openAsBlob(path, { type: mimeType }) }
}
