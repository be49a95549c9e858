/** People: who sees whom, what one may change about oneself, and how one gets in. */

import { beforeAll, describe, expect, test } from 'vitest'
import { fieldErrorsOf, outcomeOf } from './outcome.ts'
import {
  createClient,
  createPerson,
  createProject,
  createScene,
  newId,
  PASSWORD,
  type Scene,
} from './scene.ts'

const HOUR = 60 * 60

let scene: Scene

beforeAll(async () => {
  scene = await createScene()
})

describe('seeing each other', () => {
  const idsSeenBy = async (person: Scene['owner']) =>
    (await person.client.collection('users').getFullList()).map(({ id }) => id).sort()

  test('people see themselves and those they share a project with, in whichever role', async () => {
    const pair = [scene.owner.id, scene.member.id].sort()
    expect(await idsSeenBy(scene.owner)).toEqual(pair)
    expect(await idsSeenBy(scene.member)).toEqual(pair)
    expect(await idsSeenBy(scene.stranger)).toEqual([scene.stranger.id])
  })

  test('two members of somebody else’s project see each other, until one leaves', async () => {
    const [first, second] = [
      await createPerson(scene.superuser, 'First'),
      await createPerson(scene.superuser, 'Second'),
    ]
    const project = await createProject(scene.owner, { members: [first.id, second.id] })
    expect(await outcomeOf(first.client.collection('users').getOne(second.id))).toBe('yes')
    await scene.owner.client.collection('projects').update(project, { members: [second.id] })
    expect(await outcomeOf(first.client.collection('users').getOne(second.id))).toBe('hidden')
  })

  test('an address is shown to its owner alone, in every way of asking', async () => {
    const users = scene.member.client.collection('users')
    expect(await users.getOne(scene.member.id)).toMatchObject({ email: scene.member.email })
    expect(await users.getOne(scene.owner.id)).not.toHaveProperty('email')
    const filter = `email = "${scene.owner.email}"`
    expect((await users.getList(1, 1, { filter })).items).toEqual([])
    const project = await scene.member.client
      .collection('projects')
      .getOne(scene.project, { expand: 'owner,members' })
    expect(JSON.stringify(project)).not.toContain(scene.owner.email)
  })
})

describe('changing oneself', () => {
  test('nothing but the own name can be changed', async () => {
    const users = scene.member.client.collection('users')
    const fields = (await scene.superuser.collections.getOne('users')).fields.map(({ name }) => name)
    const before = await scene.superuser.collection('users').getOne(scene.member.id)
    const changes: Record<string, Record<string, unknown>> = {
      id: { id: newId() },
      password: { password: `${PASSWORD}!`, passwordConfirm: `${PASSWORD}!`, oldPassword: PASSWORD },
      tokenKey: { tokenKey: 'k'.repeat(50) },
      email: { email: 'somebody-else@studio.test' },
      emailVisibility: { emailVisibility: true },
      verified: { verified: true },
      created: { created: '2000-01-01 00:00:00.000Z' },
      updated: { updated: '2000-01-01 00:00:00.000Z' },
    }
    // So that a field added later has to be thought of here.
    expect(Object.keys(changes).concat('name').sort()).toEqual(fields.sort())
    for (const change of Object.values(changes)) await outcomeOf(users.update(scene.member.id, change))

    const { updated: _, ...after } = await scene.superuser.collection('users').getOne(scene.member.id)
    const { updated: __, ...expected } = before
    expect(after).toEqual(expected)
    const signIn = createClient(scene.url).collection('users').authWithPassword(scene.member.email, PASSWORD)
    expect(await outcomeOf(signIn)).toBe('yes')
    expect(await users.update(scene.member.id, { name: 'Mika 🎬' })).toMatchObject({ name: 'Mika 🎬' })
  })
})

describe('getting in', () => {
  test('nobody signs up by themselves, whatever context they claim', async () => {
    const body = { email: `${newId()}@studio.test`, password: PASSWORD, passwordConfirm: PASSWORD }
    const users = scene.guest.collection('users')
    expect(await outcomeOf(users.create(body))).toBe('refused')
    expect(
      await outcomeOf(users.create({ ...body, context: 'oauth2' }, { query: { context: 'oauth2' } })),
    ).toBe('refused')
  })

  test('a wrong password and an unknown address get the same answer', async () => {
    const users = scene.guest.collection('users')
    expect(await outcomeOf(users.authWithPassword(scene.member.email, 'wrong password'))).toBe('refused')
    expect(await outcomeOf(users.authWithPassword('nobody@studio.test', PASSWORD))).toBe('refused')
  })

  test('a token lives for an hour, and can be exchanged for a newer one', async () => {
    const { token } = await scene.member.client.collection('users').authRefresh()
    const [, payload = ''] = token.split('.')
    const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number }
    const secondsLeft = exp - Date.now() / 1000
    expect(secondsLeft).toBeGreaterThan(HOUR - 60)
    expect(secondsLeft).toBeLessThanOrEqual(HOUR + 1)
  })

  test('a person cannot sign in as a service, nor a service as a person', async () => {
    const service = scene.service.authStore.record
    const asService = scene.guest.collection('services')
    expect(await outcomeOf(asService.authWithPassword(scene.member.email, PASSWORD))).toBe('refused')
    expect(await outcomeOf(asService.authWithPassword('', ''))).toBe('refused')
    expect(await fieldErrorsOf(asService.authWithPassword('', ''))).toEqual({
      identity: 'validation_required',
      password: 'validation_required',
    })
    expect(service?.collectionName).toBe('services')
  })

  test('a service cannot get the id of a person', async () => {
    const credentials = { email: `${newId()}@studio.test`, password: PASSWORD, passwordConfirm: PASSWORD }
    const create = scene.superuser.collection('services').create({ ...credentials, id: scene.owner.id })
    expect(await outcomeOf(create)).toBe('refused')
  })
})
