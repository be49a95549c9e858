/** The order in which files are shown: as they came. */

interface Dated {
  id: string
  /** ISO 8601, in one time zone: such times compare as texts. */
  created: string
}

/** Orders files by when their records were made, ties broken by id. */
export function compareFiles(a: Dated, b: Dated): number {
  if (a.created !== b.created) return a.created < b.created ? -1 : 1
  return a.id < b.id ? -1 : 1
}
