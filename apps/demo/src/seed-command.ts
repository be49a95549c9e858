/** Makes the demo's people and projects where they are missing. Running it again changes nothing. */
import { fetchRuntimeConfig } from './bff-client.ts'
import { printLine, runCommand } from './command-line.ts'
import { DemoError } from './demo-error.ts'
import { readSeedEnvironment } from './env.ts'
import { SEED_PROJECTS } from './seed-content.ts'
import { seedPeople, type SignedInPeople } from './seed-people.ts'
import { exists, seedProject, seedProjectId } from './seed-project.ts'

await runCommand(async () => {
  const environment = readSeedEnvironment()
  const people = await seedPeople(environment)
  if (await isSeeded(people)) {
    printLine('The demo projects are there.')
    return 0
  }
  const { inlineMaxBytes } = await fetchRuntimeConfig(environment.BFF_URL)
  for (const project of SEED_PROJECTS) {
    const owner = clientOf(people, project.owner)
    const idOf = (email: string) => clientOf(people, email).authStore.record?.id ?? ''
    await seedProject(project, { bffUrl: environment.BFF_URL, inlineMaxBytes, owner, idOf })
    printLine(`Made the demo project "${project.name}".`)
  }
  return 0
})

/** The last project is made last: where it is, all were made, and what people have changed since is theirs. */
async function isSeeded(people: SignedInPeople): Promise<boolean> {
  const last = SEED_PROJECTS.at(-1) ?? SEED_PROJECTS[0]
  return exists(clientOf(people, last.owner), 'projects', seedProjectId(last))
}

function clientOf(people: SignedInPeople, email: string) {
  const client = people.get(email)
  if (client === undefined) throw new DemoError(`Nobody is called ${email}`)
  return client
}
