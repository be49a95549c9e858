/** Reads summaries as turbo writes them. */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { forgetSummaries, readFailedPackages } from './failed-packages.ts'
import { createTestDirectory, removeTestDirectory } from './testing/test-directory.ts'

async function repositoryWith(tasks: readonly object[]): Promise<string> {
  const repository = await createTestDirectory('failed-packages')
  await mkdir(path.join(repository, '.turbo', 'runs'), { recursive: true })
  await writeFile(path.join(repository, '.turbo', 'runs', 'one.json'), JSON.stringify({ tasks }))
  return repository
}

it('names the packages whose tests ended with an error, and no others', async () => {
  const repository = await repositoryWith([
    { task: 'test', package: '@studio/bff', execution: { exitCode: 1 } },
    { task: 'test', package: '@studio/web', execution: { exitCode: 0 } },
    { task: 'typecheck', package: '@studio/web', execution: { exitCode: 2 } },
    { task: 'test', package: '@studio/contracts' },
  ])
  expect(await readFailedPackages(repository)).toEqual(['@studio/bff'])
  await forgetSummaries(repository)
  expect(await readFailedPackages(repository)).toEqual([])
  await removeTestDirectory(repository)
})
