/** Who may do what: the one table that PocketBase's rules and hooks are held against. */

import type { Outcome } from './outcome.ts'

export const ACTORS = ['owner', 'member', 'stranger', 'guest', 'service', 'superuser'] as const
export type Actor = (typeof ACTORS)[number]

export const ACTIONS = ['list', 'view', 'create', 'update', 'delete'] as const
export type Action = (typeof ACTIONS)[number]

export type Row = Readonly<Record<Actor, Outcome>>
export type CollectionRows = Readonly<Record<Action, Row>>

function row(
  ...[owner, member, stranger, guest, service, superuser]: [
    owner: Outcome,
    member: Outcome,
    stranger: Outcome,
    guest: Outcome,
    service: Outcome,
    superuser: Outcome,
  ]
): Row {
  return { owner, member, stranger, guest, service, superuser }
}

const ONLY_SUPERUSERS = row('closed', 'closed', 'closed', 'closed', 'closed', 'yes')
const IN_PROJECT_OR_SERVICE = row('yes', 'yes', 'hidden', 'hidden', 'yes', 'yes')
const NOTHING_TO_WRITE = row('refused', 'refused', 'refused', 'refused', 'refused', 'refused')
const IN_PROJECT = row('yes', 'yes', 'hidden', 'hidden', 'hidden', 'yes')

// The columns are those of ACTORS. `owner` and `member` are of the project that the record is in, `stranger` of neither.
export const RULE_MATRIX: Readonly<Record<string, CollectionRows>> = {
  // The record is the member's own.
  users: {
    list: row('yes', 'yes', 'hidden', 'hidden', 'hidden', 'yes'),
    view: row('yes', 'yes', 'hidden', 'hidden', 'hidden', 'yes'),
    create: row('refused', 'refused', 'refused', 'refused', 'refused', 'yes'),
    update: row('hidden', 'yes', 'hidden', 'hidden', 'hidden', 'yes'),
    delete: ONLY_SUPERUSERS,
  },
  services: {
    list: ONLY_SUPERUSERS,
    view: ONLY_SUPERUSERS,
    create: ONLY_SUPERUSERS,
    update: ONLY_SUPERUSERS,
    delete: ONLY_SUPERUSERS,
  },
  projects: {
    list: IN_PROJECT_OR_SERVICE,
    view: IN_PROJECT_OR_SERVICE,
    // Everybody for themselves.
    create: row('yes', 'yes', 'yes', 'refused', 'refused', 'yes'),
    update: row('yes', 'hidden', 'hidden', 'hidden', 'hidden', 'yes'),
    delete: row('yes', 'hidden', 'hidden', 'hidden', 'hidden', 'yes'),
  },
  cards: {
    list: IN_PROJECT_OR_SERVICE,
    view: IN_PROJECT_OR_SERVICE,
    create: row('yes', 'yes', 'refused', 'refused', 'refused', 'yes'),
    update: IN_PROJECT,
    delete: IN_PROJECT,
  },
  assets: {
    list: IN_PROJECT_OR_SERVICE,
    view: IN_PROJECT_OR_SERVICE,
    create: row('yes', 'yes', 'refused', 'refused', 'refused', 'yes'),
    update: IN_PROJECT,
    delete: IN_PROJECT,
  },
  generations: {
    list: IN_PROJECT_OR_SERVICE,
    view: IN_PROJECT_OR_SERVICE,
    create: row('yes', 'yes', 'refused', 'refused', 'refused', 'yes'),
    update: row('hidden', 'hidden', 'hidden', 'hidden', 'yes', 'yes'),
    delete: ONLY_SUPERUSERS,
  },
  // Superusers meet the guard hook.
  files: {
    list: IN_PROJECT_OR_SERVICE,
    view: IN_PROJECT_OR_SERVICE,
    create: row('refused', 'refused', 'refused', 'refused', 'yes', 'closed'),
    update: row('hidden', 'hidden', 'hidden', 'hidden', 'yes', 'closed'),
    delete: row('hidden', 'hidden', 'hidden', 'hidden', 'yes', 'closed'),
  },
  // A view has nothing to write.
  view_asset_files: {
    list: IN_PROJECT,
    view: IN_PROJECT,
    create: NOTHING_TO_WRITE,
    update: NOTHING_TO_WRITE,
    delete: NOTHING_TO_WRITE,
  },
}
