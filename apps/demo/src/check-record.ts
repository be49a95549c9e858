/** Looks through a file's PocketBase record for anything that says where its bytes are. */

/** Words that a field about a place would have in its name. */
const WORDS_FOR_PLACES: ReadonlySet<string> = new Set([
  'url',
  'uri',
  'href',
  'link',
  'path',
  'key',
  'object',
  'location',
  'store',
  'storage',
  'container',
  'endpoint',
  'host',
])

/** The folders that the person dropped the file with. */
const PERSONS_FOLDERS = 'path'

/** What is wrong, in words; empty when the record holds no location. `url` is a signed URL of the file. */
export function checkRecord(record: Record<string, unknown>, url: string): string[] {
  const places = placesIn(url)
  return Object.entries(record).flatMap(([field, value]) => {
    const problems: string[] = []
    const namesPlace = field.split('_').some((word) => WORDS_FOR_PLACES.has(word.toLowerCase()))
    if (namesPlace && field !== PERSONS_FOLDERS) {
      problems.push(`its record has a field "${field}"`)
    }
    // The name is the person's own and may say anything.
    const text = field === 'name' ? '' : String(JSON.stringify(value))
    if (places.some((place) => text.includes(place)))
      problems.push(`its record says where it is, in "${field}"`)
    return problems
  })
}

/** The host, and the end of the path if it is more than the file's id, which is of course in the record. */
function placesIn(url: string): string[] {
  const { host, pathname } = new URL(url)
  const segments = decodeURIComponent(pathname).split('/').filter(Boolean)
  return segments.length > 1 ? [host, segments.slice(-2).join('/')] : [host]
}
