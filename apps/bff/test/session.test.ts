/** Who the BFF takes a caller for. */
import { SignJWT } from 'jose'
import type {} from '@studio/dev/testing/global-pocketbase'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { changePassword, createPerson, createScene, type TestScene } from './people.ts'
import { refusalOf, startTestBff, type TestBff } from './test-bff.ts'

const SECOND = 1_000
const HOUR = 60 * 60 * SECOND

let scene: TestScene
let bff: TestBff

beforeAll(async () => {
  const pocketbase = inject('testPocketBase')
  scene = await createScene(pocketbase)
  bff = await startTestBff({ pocketbaseUrl: pocketbase.url })
})

afterAll(() => bff.close())

describe('session.me', () => {
  it('says who is signed in, to every person about themselves', async () => {
    const { owner, member, stranger } = scene
    for (const { token, id, email, name } of [owner, member, stranger]) {
      expect(await bff.as({ token }).session.me.query()).toEqual({ id, email, name })
    }
  })

  it('refuses a guest with a code, words and a request id, and without a stack', async () => {
    const response = await fetch(`${bff.url}/trpc/session.me`, {
      headers: { 'x-request-id': 'from-the-browser' },
    })
    expect(response.status).toBe(401)
    expect(response.headers.get('x-request-id')).toBe('from-the-browser')
    const body: unknown = await response.json()
    expect(body).toEqual({
      error: {
        message: 'Your session has ended. Sign in again.',
        code: expect.any(Number),
        data: {
          code: 'UNAUTHORIZED',
          httpStatus: 401,
          studio: {
            code: 'UNAUTHENTICATED',
            message: 'Your session has ended. Sign in again.',
            requestId: 'from-the-browser',
          },
        },
      },
    })
  })

  it.each([
    ['no token', 'not-a-token'],
    ['an empty token', ''],
    ['a header that would not be one', 'line\tbreak'],
  ])('refuses %s', async (_what, token) => {
    expect(await refusalOf(bff.as({ token }).session.me.query())).toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('refuses a token that somebody else signed', async () => {
    const token = await new SignJWT({ id: scene.owner.id, type: 'auth', collectionId: '_pb_users_auth_' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode('a guess at the key of the records'))
    expect(await refusalOf(bff.as({ token }).session.me.query())).toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('refuses services and superusers: they are nobody who looks at screens', async () => {
    for (const { authStore } of [scene.service, scene.superuser]) {
      expect(await refusalOf(bff.as(authStore).session.me.query())).toMatchObject({ code: 'FORBIDDEN' })
    }
  })
})

describe('a session', () => {
  it('is remembered for ten seconds, and ends at a password change after those', async () => {
    const person = await createPerson(scene.superuser, 'Petra')
    const me = () => bff.as(person).session.me.query()
    await me()
    await changePassword(scene.superuser, person)
    expect(await me()).toMatchObject({ id: person.id })
    bff.pass(10 * SECOND)
    expect(await refusalOf(me())).toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('that has ended shows at once where records are asked for, and not as an empty screen', async () => {
    const person = await createPerson(scene.superuser, 'Paul')
    const client = bff.as(person)
    expect(await client.projects.list.query()).toEqual([])
    await changePassword(scene.superuser, person)
    expect(await refusalOf(client.projects.list.query())).toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(await refusalOf(client.session.me.query())).toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('that has ended shows at once where one record is asked for', async () => {
    const person = await createPerson(scene.superuser, 'Pia')
    const client = bff.as(person)
    await client.session.me.query()
    await changePassword(scene.superuser, person)
    const refusal = await refusalOf(client.projects.get.query({ projectId: scene.project }))
    expect(refusal).toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('ends when its token does', async () => {
    const person = await createPerson(scene.superuser, 'Pavel')
    await bff.as(person).session.me.query()
    bff.pass(HOUR)
    expect(await refusalOf(bff.as(person).session.me.query())).toMatchObject({ code: 'UNAUTHENTICATED' })
    bff.pass(-HOUR)
    expect(await bff.as(person).session.me.query()).toMatchObject({ id: person.id })
  })
})
