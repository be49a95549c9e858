/** What the matrix would overlook: collections without rows, and rules that are open to the whole world. */

import type { CollectionModel } from 'pocketbase'
import { ACTIONS, RULE_MATRIX, type Action, type CollectionRows } from './rule-matrix.ts'

/** PocketBase's own; their rules let people see what it noted about their own sign-ins. */
const SYSTEM_COLLECTIONS = ['_authOrigins', '_externalAuths', '_mfas', '_otps', '_superusers']

const PEOPLE = ['owner', 'member', 'stranger', 'guest', 'service'] as const

/** A sentence for each way in which the collections and the matrix do not fit; none when they do. */
export function coverageFaults(collections: readonly CollectionModel[]): string[] {
  const names = collections.filter(({ system }) => !system).map(({ name }) => name)
  return [
    ...names.filter((name) => !RULE_MATRIX[name]).map((name) => `${name} has no rows in the matrix`),
    ...Object.keys(RULE_MATRIX)
      .filter((name) => !names.includes(name))
      .map((name) => `${name} has rows in the matrix but does not exist`),
    ...collections
      .filter(({ name, system }) => system && !SYSTEM_COLLECTIONS.includes(name))
      .map(({ name }) => `${name} is an unknown system collection`),
    ...collections.flatMap(ruleFaults),
  ]
}

function ruleFaults(collection: CollectionModel): string[] {
  const rows = RULE_MATRIX[collection.name]
  return ACTIONS.flatMap((action) => {
    const rule = collection[`${action}Rule`]
    const faults: string[] = []
    if (rule?.trim() === '') faults.push(`${collection.name} lets everybody ${action}`)
    if (rows && isClosed(rows, action) !== (rule === null)) {
      faults.push(`${collection.name} and the matrix disagree on whether ${action} has a rule`)
    }
    return faults
  })
}

// A rule of null means "superusers only", and nothing else makes an action closed to all people. What a view does not
// support is refused before its rule is asked.
function isClosed(rows: CollectionRows, action: Action): boolean {
  const outcomes = PEOPLE.map((person) => rows[action][person])
  return outcomes.every((outcome) => outcome === 'closed') || rows[action].superuser === 'refused'
}
