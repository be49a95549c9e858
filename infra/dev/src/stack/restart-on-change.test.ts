import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDirectory, removeTestDirectory } from '../testing/test-directory.ts'
import { waitUntil } from '../wait-until.ts'
import { restartOnChange } from './restart-on-change.ts'

let directory: string
let steps: string[]
let lines: string[]
let startFails: boolean
let stopWatching: () => void

beforeEach(async () => {
  directory = await createTestDirectory('sources')
  steps = []
  lines = []
  startFails = false
  const part = {
    name: 'bff',
    url: 'http://127.0.0.1:1',
    logFile: '/dev/null',
    pid: () => 1,
    kill: async () => undefined,
    stop: async () => void steps.push('stop'),
    start: async () => {
      steps.push('start')
      if (startFails) throw new Error('a syntax error')
    },
  } as const
  stopWatching = await restartOnChange(part, {
    sources: [directory, path.join(directory, 'missing')],
    onLine: (line) => lines.push(line),
  })
})
afterEach(async () => {
  stopWatching()
  await removeTestDirectory(directory)
})

const change = (content: string) => writeFile(path.join(directory, 'main.ts'), content)
const untilSaid = (count: number) =>
  waitUntil(() => lines.length >= count, { what: `${count} lines`, deadlineMs: 10_000 })

test('several changes at once restart the app once', async () => {
  await Promise.all([change('1'), change('2'), change('3')])
  await untilSaid(1)
  expect(steps).toEqual(['stop', 'start'])
  expect(lines).toEqual(['bff restarted after a change.'])
})

test('sources that do not work leave the app down, and the next change tries again', async () => {
  startFails = true
  await change('broken')
  await untilSaid(1)
  expect(lines[0]).toBe('a syntax error\nbff is down until the next change.')
  startFails = false
  await change('mended')
  await untilSaid(2)
  expect(lines[1]).toBe('bff restarted after a change.')
})
