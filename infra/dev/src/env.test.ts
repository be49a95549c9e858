import { expect, test } from 'vitest'
import { DevError } from './dev-error.ts'
import { baseProcessEnvironment, readEnvironment } from './env.ts'

test('a variable that is set but empty counts as not set', () => {
  const environment = readEnvironment({ PATH: '/bin', S3_ENDPOINT: '', WEB_PORT: '' })
  expect(environment.S3_ENDPOINT).toBeUndefined()
  expect(environment.WEB_PORT).toBeUndefined()
})

test('a port that is none is refused by the name of its variable', () => {
  expect(() => readEnvironment({ WEB_PORT: 'eighty' })).toThrow(DevError)
  expect(() => readEnvironment({ WEB_PORT: '70000' })).toThrow(/WEB_PORT/)
})

test('supervised processes inherit where programs are, and nothing that would change how they behave', () => {
  const environment = readEnvironment({
    PATH: '/bin',
    HOME: '/home/ada',
    NODE_ENV: 'test',
    BASE_URL: '/',
    S3_SECRET_ACCESS_KEY: 'secret',
    LOG_LEVEL: 'debug',
  })
  expect(baseProcessEnvironment(environment)).toEqual({ PATH: '/bin', HOME: '/home/ada', LOG_LEVEL: 'debug' })
})
