/** The demo and its seed, as processes, against real servers. */
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareCards, cardRecordSchema } from '@studio/contracts/card'
import { MIB } from '@studio/contracts/limits'
import type { DemoResult } from '../src/demo-result.ts'
import { signIn } from '../src/sign-in.ts'
import { run, startDemoStack, type DemoStack } from './demo-stack.ts'

let demo: DemoStack
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'studio-demo-'))
  demo = await startDemoStack()
  expect(await demo.runSeed()).toMatchObject({ exitCode: 0, stderr: '' })
})
afterAll(async () => {
  await demo?.stack.dispose()
  await rm(directory, { recursive: true })
})

const asAda = () => signIn(demo.pocketbaseUrl, { email: 'ada@studio.test', password: demo.password })

/** Everything that Ada sees, in a stable order. */
async function readRecords() {
  const client = await asAda()
  const names = ['users', 'projects', 'cards', 'assets', 'files']
  const lists = await Promise.all(names.map((name) => client.collection(name).getFullList({ sort: 'id' })))
  return Object.fromEntries(names.map((name, index) => [name, lists[index] ?? []]))
}

async function upload(args: string[], environment: Record<string, string> = {}) {
  const end = await demo.runDemo({
    args: ['--json', ...args],
    environment: { INIT_CWD: directory, ...environment },
  })
  return { ...end, result: JSON.parse(end.stdout) as DemoResult }
}

describe('the seed', () => {
  it('makes two people and three projects, with cards in order and files on them', async () => {
    const { users, projects, cards, assets, files } = await readRecords()
    expect(users?.map(({ name }) => name).toSorted()).toEqual(['Ada Lovelace', 'Grace Hopper'])
    expect(projects?.map(({ name }) => name).toSorted()).toEqual([
      'Field Notes',
      'Harbour Hotel',
      'Northern Lights',
    ])
    const project = projects?.find(({ name }) => name === 'Northern Lights')
    const ordered = (cards ?? [])
      .filter((card) => card.project === project?.id)
      .map((card) => cardRecordSchema.parse(card))
      .toSorted(compareCards)
    expect(ordered.map(({ title }) => title)).toEqual([
      'Moodboard',
      'Storyboard',
      'Key visuals',
      'Sound',
      'Deliverables',
    ])
    for (const { id } of ordered) expect(files?.some(({ card }) => card === id)).toBe(true)
    for (const { id } of assets ?? []) expect(files?.some(({ asset }) => asset === id)).toBe(true)
    const aurora = files?.find(({ name }) => name === 'Aurora over the lake.jpg')
    expect(aurora).toMatchObject({ mime_type: 'image/jpeg', width: 2400, height: 1500, project: project?.id })
  })

  it('changes nothing when it runs again, and does not bring back what somebody deleted', async () => {
    const client = await asAda()
    const { files, cards } = await readRecords()
    const sound = cards?.find(({ title }) => title === 'Sound')
    await client.collection('cards').delete(sound?.id ?? '')
    const before = await readRecords()
    expect(await demo.runSeed()).toMatchObject({ exitCode: 0, stdout: 'The demo projects are there.\n' })
    expect(await readRecords()).toEqual(before)
    expect(before.files?.length).toBe(files?.length)
  })

  it('lets the people in with the password it is given, and leaves them as they are', async () => {
    const environment = { DEMO_PASSWORD: 'quite another one' }
    expect(await demo.runSeed({ environment })).toMatchObject({ exitCode: 0 })
    const ada = await signIn(demo.pocketbaseUrl, {
      email: 'ada@studio.test',
      password: environment.DEMO_PASSWORD,
    })
    expect(ada.authStore.record).toMatchObject({ name: 'Ada Lovelace' })
    expect(await demo.runSeed()).toMatchObject({ exitCode: 0 })
    await expect(asAda()).resolves.toBeDefined()
  })

  it('says what its environment lacks', async () => {
    const end = await run('src/seed-command.ts', [], { BFF_URL: demo.stack.urls.bff })
    expect(end).toMatchObject({ exitCode: 1, stdout: '' })
    for (const name of ['POCKETBASE_URL', 'DEMO_PASSWORD', 'POCKETBASE_SUPERUSER_EMAIL']) {
      expect(end.stderr).toContain(name)
    }
    expect(end.stderr).not.toContain('    at ')
  })
})

describe('the demo', () => {
  it('takes the files that it draws the whole way, inline and direct, and says so in one document', async () => {
    const { exitCode, result, stderr } = await upload([])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(result).toMatchObject({
      passed: true,
      uploadedBy: 'ada@studio.test',
      watchedBy: 'grace@studio.test',
    })
    expect(result.files.map(({ transport }) => transport)).toEqual(['direct', ...Array(4).fill('inline')])
    expect(new Set(result.files.map(({ fileId }) => fileId)).size).toBe(5)
    for (const file of result.files) {
      expect(file).toMatchObject({ urlStatus: 200, anonymousStatus: 403, problems: [] })
      expect(file.sha256).toMatch(/^[0-9a-f]{64}$/)
      expect(file.uploadMilliseconds).toBeGreaterThan(0)
      expect(file.seenMilliseconds).toBeLessThan((file.uploadMilliseconds ?? 0) + 5_000)
    }
  })

  it('takes an empty file, 200 MiB, and a name of any script', async () => {
    const film = 'présentation 最終版 🎬.mp4'
    await writeFile(join(directory, 'empty.txt'), '')
    await writeFile(join(directory, 'large.bin'), '')
    await truncate(join(directory, 'large.bin'), 200 * MIB)
    await writeFile(join(directory, film), smallFilm())
    const end = await demo.runDemo({
      args: ['empty.txt', 'large.bin', film],
      environment: { INIT_CWD: directory },
    })
    expect(end).toMatchObject({ exitCode: 0, stderr: '' })
    const [head, , ...rows] = end.stdout.split('\n')
    expect(head).toMatch(/^name +file id +bytes +SHA-256 +transport +upload ms +seen ms +URL +check$/)
    expect(rows[0]).toMatch(/^empty\.txt +[a-z0-9]{15} +0 +e3b0c44298fc… +inline +[\d,]+ +[\d,]+ +200 +✓$/)
    expect(rows[1]).toMatch(/^large\.bin +[a-z0-9]{15} +209,715,200 +[0-9a-f]{12}… +multipart .* 200 +✓$/)
    expect(rows[2]).toMatch(/^présentation 最終版 🎬\.mp4 +[a-z0-9]{15} +2,048 +.* inline .* 200 +✓$/)
    expect(rows[4]).toMatch(/^3 files uploaded to "Northern Lights"/)
  })

  it('ends with 1 when a file is refused, says why, and goes on with the others', async () => {
    await writeFile(join(directory, 'program.png'), Buffer.from('7f454c4602010100', 'hex'))
    await writeFile(join(directory, 'after.txt'), 'still there')
    const { exitCode, result } = await upload(['program.png', 'after.txt'])
    expect(exitCode).toBe(1)
    expect(result.passed).toBe(false)
    expect(result.files[0]).toMatchObject({ fileId: null, urlStatus: null })
    expect(result.files[0]?.problems.join()).toMatch(/\[TYPE_\w+, request [\w-]+\]/)
    expect(result.files[1]).toMatchObject({ urlStatus: 200, problems: [] })
  })

  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['a file that is not there', ['nothing.png'], {}, /^There is no file .*nothing\.png$/m],
    ['an option that it does not know', ['--loud'], {}, /--loud[\s\S]*pnpm demo \[--json\]/],
    [
      'a password that is wrong',
      [],
      { DEMO_PASSWORD: 'not the one' },
      /^(ada|grace)@studio\.test could not sign in/,
    ],
    ['no PocketBase', [], { POCKETBASE_URL: 'http://127.0.0.1:1' }, /PocketBase does not answer/],
    ['no BFF', [], { BFF_URL: 'http://127.0.0.1:1' }, /The BFF does not answer at http/],
  ])('ends with 1 and words for %s', async (...[, args, environment, words]) => {
    await writeFile(join(directory, 'fine.txt'), 'fine')
    const files = args.length === 0 ? ['fine.txt'] : args
    const end = await demo.runDemo({ args: files, environment: { INIT_CWD: directory, ...environment } })
    expect(end).toMatchObject({ exitCode: 1, stdout: '' })
    expect(end.stderr).toMatch(words)
    expect(end.stderr).not.toContain('    at ')
  })

  it('notices when the other person hears nothing', async () => {
    const client = await asAda()
    const { projects } = await readRecords()
    const project = projects?.find(({ name }) => name === 'Northern Lights')
    await client.collection('projects').update(project?.id ?? '', { members: [] })
    await writeFile(join(directory, 'unheard.txt'), 'unheard')
    const { exitCode, result } = await upload(['unheard.txt'])
    await client.collection('projects').update(project?.id ?? '', { members: project?.members })
    expect(exitCode).toBe(1)
    expect(result.files[0]).toMatchObject({
      seenMilliseconds: null,
      urlStatus: 200,
      problems: ['the other person did not hear of it'],
    })
  })
})

/** The beginning of an MP4 file (ISO/IEC 14496-12, section 4.3: `ftyp`), and noise where the film would be. */
function smallFilm(): Uint8Array {
  const film = Buffer.alloc(2_048, 'film')
  film.writeUInt32BE(24, 0)
  film.write('ftypisom', 4)
  film.writeUInt32BE(512, 12)
  film.write('isommp42', 16)
  film.writeUInt32BE(film.length - 24, 24)
  film.write('mdat', 28)
  return film
}
