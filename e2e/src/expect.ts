/** Playwright's `expect`, with deadlines for a machine that has other work: what is there sooner is seen sooner. */
import { expect as expectSoon } from '@playwright/test'

export const expect = expectSoon.configure({ timeout: 15_000 })
