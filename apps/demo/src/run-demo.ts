/** The main job without a browser: one person uploads, another watches, and everything is checked. */
import { createBffClient, fetchRuntimeConfig, type BffClient } from './bff-client.ts'
import { checkStoreIsPrivate } from './check-delivery.ts'
import { DemoError } from './demo-error.ts'
import type { DemoFile } from './demo-file.ts'
import { ADA, DEMO_CARD, DEMO_PROJECT, GRACE } from './demo-people.ts'
import type { DemoResult, FileResult } from './demo-result.ts'
import type { DemoEnvironment } from './env.ts'
import { signIn } from './sign-in.ts'
import { tryFile } from './try-file.ts'
import { watchFiles } from './watch-files.ts'

/** Files go up one after the other, so that their times can be compared. */
export async function runDemo(environment: DemoEnvironment, files: readonly DemoFile[]): Promise<DemoResult> {
  const { BFF_URL, POCKETBASE_URL, DEMO_PASSWORD: password, OBJECT_STORE_PROBE_URL } = environment
  const [uploader, watcher, { inlineMaxBytes }] = await Promise.all([
    signIn(POCKETBASE_URL, { email: ADA.email, password }),
    signIn(POCKETBASE_URL, { email: GRACE.email, password }),
    fetchRuntimeConfig(BFF_URL),
  ])
  const bff = createBffClient(BFF_URL, uploader.authStore.token)
  const target = await findTarget(bff)
  const watch = await watchFiles(watcher)
  const results: FileResult[] = []
  try {
    for (const file of files) {
      results.push(await tryFile({ bff, uploader, watch, target, inlineMaxBytes }, file))
    }
  } finally {
    await watch.stop()
  }
  const problems =
    OBJECT_STORE_PROBE_URL === undefined ? [] : await checkStoreIsPrivate(OBJECT_STORE_PROBE_URL)
  return {
    passed: problems.length === 0 && results.every((result) => result.problems.length === 0),
    uploadedBy: ADA.email,
    watchedBy: GRACE.email,
    project: DEMO_PROJECT,
    files: results,
    problems,
  }
}

async function findTarget(bff: BffClient) {
  const projects = await bff.projects.list.query()
  const project = projects.find(({ name }) => name === DEMO_PROJECT)
  if (project === undefined)
    throw new DemoError(`${ADA.email} has no project "${DEMO_PROJECT}": seed it first`)
  const cards = await bff.cards.list.query({ projectId: project.id })
  // A person may have renamed or deleted the card; any other does as well.
  const card = cards.find(({ title }) => title === DEMO_CARD) ?? cards[0]
  return { projectId: project.id, ...(card === undefined ? {} : { cardId: card.id }) }
}
