/** Opens an object store by the name of its kind: every module in `object-stores/` is one, and none is listed anywhere. */
import { readdir } from 'node:fs/promises'
import { z } from 'zod'
import type { OpenedObjectStore } from '../ports/object-store.ts'

export interface OpenObjectStoreOptions {
  /** What the module's name in `object-stores/` begins with. */
  kind: string
  /** Environment variables; each kind reads its own. */
  settings: Readonly<Record<string, string | undefined>>
  /** The clock by which URLs are signed. */
  now?: () => Date
}

interface ObjectStoreModule {
  open(settings: OpenObjectStoreOptions['settings'], now?: () => Date): OpenedObjectStore
}

const MODULE_NAME = /^([a-z0-9]+)-object-store\.ts$/

/** A bundle has no folder to look into: then there is nothing to name. */
async function listKinds(): Promise<string[] | undefined> {
  const names = await readdir(new URL('./object-stores/', import.meta.url)).catch(() => undefined)
  return names?.flatMap((name) => MODULE_NAME.exec(name)?.[1] ?? []).sort()
}

function unknownKind(kind: string, kinds: readonly string[] | undefined, cause?: unknown): TypeError {
  const known = kinds === undefined ? '' : `; there are: ${kinds.join(', ')}`
  return new TypeError(`There is no object store of kind ${JSON.stringify(kind)}${known}`, { cause })
}

async function loadModule(kind: string): Promise<ObjectStoreModule> {
  const kinds = await listKinds()
  if (!/^[a-z0-9]+$/.test(kind) || kinds?.includes(kind) === false) throw unknownKind(kind, kinds)
  try {
    // The suffix keeps tests out of a bundle, for which esbuild takes in every file that this template can name.
    return (await import(`./object-stores/${kind}-object-store.ts`)) as ObjectStoreModule
  } catch (cause) {
    if (kinds === undefined) throw unknownKind(kind, kinds, cause)
    throw cause
  }
}

/** Throws a `TypeError` for a kind that there is not, naming those that there are, and for settings that are missing or wrong. */
export async function openObjectStore({
  kind,
  settings,
  now,
}: OpenObjectStoreOptions): Promise<OpenedObjectStore> {
  const { open } = await loadModule(kind)
  try {
    return open(settings, now)
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause
    // Names the variables, never their values: some are secrets.
    throw new TypeError(`The settings of the ${kind} object store do not fit:\n${z.prettifyError(cause)}`, {
      cause,
    })
  }
}
