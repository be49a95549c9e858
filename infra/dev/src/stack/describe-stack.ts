/** The table that `dev` ends its start with: what runs where, and who can sign in. */

import path from 'node:path'
import { DEMO_PEOPLE } from '../demo-project.ts'
import type { ServiceName } from './service-name.ts'
import type { Stack } from './start-stack.ts'

const TITLES: Readonly<Record<ServiceName, string>> = {
  web: 'Web app',
  bff: 'BFF',
  'asset-server': 'Asset Service',
  pocketbase: 'PocketBase',
  postgres: 'PostgreSQL',
  s3: 'S3',
}

// From the part that people open down to those that they rarely look at.
const ORDER = ['web', 'bff', 'asset-server', 'pocketbase', 'postgres', 's3'] as const

/** Several lines for the terminal. Passwords of servers are not among them: they are in `secrets.json`. */
export function describeStack(stack: Stack, options: { readonly seconds: number }): string {
  const rows = ORDER.map((name) => [TITLES[name], addressOf(stack, name), logOf(stack, name)])
  const people = DEMO_PEOPLE.map((email) => [email, stack.secrets.demoPassword])
  return [
    '',
    ...formatColumns([['Service', 'Address', 'Log'], ...rows]),
    '',
    ...formatColumns([['Sign in as', 'Password'], ...people]),
    '',
    `Ready in ${options.seconds.toFixed(1)} s. Open ${stack.urls.web} in two browsers. Ctrl-C ends everything.`,
  ].join('\n')
}

/** Lines of columns that begin below each other. */
export function formatColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(cell.length, widest[index] ?? 0)),
    [],
  )
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function addressOf(stack: Stack, name: ServiceName): string {
  const { databaseUrl, pocketbase, objectStore } = stack.servers
  switch (name) {
    case 'postgres':
      return withoutPassword(databaseUrl)
    case 'pocketbase':
      return pocketbase.url
    case 's3':
      return objectStore.kind === 's3' ? objectStore.s3.endpoint : `folder ${shorten(objectStore.directory)}`
    default:
      return stack.urls[name]
  }
}

function logOf(stack: Stack, name: ServiceName): string {
  const part = stack.parts.find((candidate) => candidate.name === name)
  return part ? shorten(part.logFile) : '-'
}

function withoutPassword(address: string): string {
  const url = new URL(address)
  url.password = ''
  return url.href
}

function shorten(file: string): string {
  const relative = path.relative(process.cwd(), file)
  return relative.startsWith('..') ? file : relative
}
