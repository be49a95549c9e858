/** Set-up for a file of tests: each of them gets a service with a database, a bucket and a clock of its own. */
import { beforeAll, beforeEach } from 'vitest'
import { createServiceUnderTest, type ServiceSetup, type ServiceUnderTest } from './service-under-test.ts'
import { createTestStudio, type TestStudio } from './test-studio.ts'

export interface TestedService extends ServiceUnderTest {
  /** The file's own people, project and card. */
  studio: TestStudio
  /** How far the service's clock is ahead of everybody else's. */
  clock: { secondsAhead: number }
}

/** Call it once at the top of a file. What it returns stands for the service of the test that runs. */
export function serviceForEachTest(setup: Omit<ServiceSetup, 'studio' | 'now'> = {}): TestedService {
  let studio: TestStudio
  let current: TestedService | undefined
  beforeAll(async () => {
    studio = await createTestStudio()
  })
  beforeEach(async () => {
    const clock = { secondsAhead: 0 }
    const now = (): Date => new Date(Date.now() + clock.secondsAhead * 1000)
    const made = await createServiceUnderTest({ ...setup, studio, now })
    current = { ...made, studio, clock }
    return () => made.close()
  })
  return new Proxy({} as TestedService, {
    get(_target, name) {
      if (current === undefined) throw new Error('there is a service while a test runs, and not before')
      return Reflect.get(current, name)
    },
  })
}
