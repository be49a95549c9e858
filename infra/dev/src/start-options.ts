/** How an app's bundle is started where it is deployed. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { DevError } from './dev-error.ts'
import { packageDirectory } from './repository.ts'

/** The options that the app's `start` gives to Node: what is tried and measured is what is deployed. */
export async function readStartOptions(app: string): Promise<string[]> {
  const manifest = await readFile(path.join(packageDirectory(`apps/${app}`), 'package.json'), 'utf8')
  const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> }
  const options = /^node (?<options>.*)dist\/main\.js$/.exec(scripts['start'] ?? '')?.groups?.['options']
  if (options === undefined) throw new DevError(`The "start" of ${app} does not run its bundle.`)
  return options.split(' ').filter((option) => option !== '')
}
