/** Reconciliation finds a project's counter that is wrong, and mends it. */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServiceUnderTest, textBytes, type ServiceUnderTest } from '../testing/service-under-test.ts'
import { createTestStudio, type TestStudio } from '../testing/test-studio.ts'
import type { ReconcileEvent } from './reconcile-report.ts'

let studio: TestStudio
let tested: ServiceUnderTest
beforeAll(async () => {
  studio = await createTestStudio()
  tested = await createServiceUnderTest({ studio })
})
afterAll(() => tested.close())

test.each([0, 1_000_000])(
  'a counter of %d is shown in a dry run, mended in earnest, and right after',
  async (wrong) => {
    const bytes = textBytes('counted')
    await tested.service.putInline(tested.actor, { request: tested.requestFor(bytes), bytes })
    const { projectId } = studio
    const before = await tested.service.projectStorage({ projectId })
    await tested.run(sql`update project_storage set used_bytes = ${wrong}`)
    const events: ReconcileEvent[] = []
    const reconcile = (dryRun: boolean) =>
      tested.service.reconcile({ dryRun, onEvent: (event) => events.push(event) })
    expect(await reconcile(true)).toMatchObject({ spaceMended: 1, findings: 0 })
    expect(await tested.service.projectStorage({ projectId })).toMatchObject({ usedBytes: wrong })
    expect(await reconcile(false)).toMatchObject({ spaceMended: 1 })
    expect(await tested.service.projectStorage({ projectId })).toEqual(before)
    expect(await reconcile(false)).toMatchObject({ spaceMended: 0 })
    const told = {
      kind: 'space-mended',
      projectId,
      detail: `${wrong} bytes counted, ${before.usedBytes} there`,
    }
    expect(events).toEqual([told, told])
  },
)
