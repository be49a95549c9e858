/** Which packages' tests turbo saw failing, by the summary that it writes of a run. */

import { readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

/** Where `turbo run --summarize` leaves one file a run, below the repository. */
const SUMMARIES = path.join('.turbo', 'runs')

const summarySchema = z.object({
  tasks: z.array(
    z.object({
      task: z.string(),
      package: z.string(),
      execution: z.object({ exitCode: z.number().nullish() }).nullish(),
    }),
  ),
})

/** Forgets earlier runs, so that the only summary is that of the next. */
export async function forgetSummaries(repository: string): Promise<void> {
  await rm(path.join(repository, SUMMARIES), { recursive: true, force: true })
}

/**
 * Packages whose `test` ended with another exit code than 0. A test runner also does so for what no report holds: an
 * error outside its tests, a server that could not be started.
 */
export async function readFailedPackages(repository: string): Promise<string[]> {
  const directory = path.join(repository, SUMMARIES)
  const files = await readdir(directory).catch(() => [])
  const summaries = await Promise.all(
    files.map(async (file) =>
      summarySchema.parse(JSON.parse(await readFile(path.join(directory, file), 'utf8'))),
    ),
  )
  return summaries
    .flatMap(({ tasks }) => tasks)
    .filter(({ task, execution }) => task === 'test' && (execution?.exitCode ?? 0) !== 0)
    .map((task) => task.package)
}
