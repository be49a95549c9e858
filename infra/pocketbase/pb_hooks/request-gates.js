/** The checks behind request-gates.pb.js, in a module because hook handlers cannot see what is around them. */

// Patterns, not paths: the router has already decided what the request is, whatever its URL looked like.
const SQL = 'POST /api/sql'
const TRUNCATE = 'DELETE /api/collections/{collection}/truncate'
const RECORDS = ' /api/collections/{collection}/records'

const BACK_RELATION = '_via_'

function refuseBackRelation(text) {
  if (!text.includes(BACK_RELATION)) return
  throw new ForbiddenError('Only superusers can filter or sort by back-relations (_via_).')
}

module.exports = {
  /** Throws 403 for raw SQL, and for emptying `files`, which only a service writes: neither runs any record hook. */
  refuseClosedRoute(e) {
    const { pattern } = e.request
    if (pattern === SQL) throw new ForbiddenError('Raw SQL is closed: it passes by every rule and hook.')
    if (pattern !== TRUNCATE) return
    const collection = e.app.findCachedCollectionByNameOrId(e.request.pathValue('collection'))
    if (collection.name === 'files') throw new ForbiddenError('Only a service identity writes files.')
  },

  /**
   * Throws 401 when a request on records brings a token that is expired or invalid. PocketBase takes its sender for
   * a guest, who sees empty lists and is told "Failed to create record": no caller could tell that from the truth.
   */
  refuseDeadToken(e) {
    if (e.auth || !e.request.pattern.includes(RECORDS)) return
    if (e.request.header.get('Authorization') === '') return
    throw new UnauthorizedError('The token is expired or invalid.')
  },

  /**
   * Throws 403 for a list that is filtered or sorted by a back-relation, superusers' apart. PocketBase applies list
   * rules to the records that such a path joins, but not to its "every one of them" operators (`!~`, `!=` …), so
   * that a colleague's other projects could be read letter by letter.
   */
  refuseBackRelationQuery(e) {
    if (!e.request.pattern.endsWith(RECORDS) || e.hasSuperuserAuth()) return
    const query = e.request.url.query()
    refuseBackRelation(query.get('filter'))
    refuseBackRelation(query.get('sort'))
  },

  /** The same for the filter of a realtime topic (`cards/*?options={"query":{"filter":…}}`). */
  refuseBackRelationTopics(e) {
    if (e.hasSuperuserAuth()) return
    // The event of a hook hides the fields of the request event that it is built on; only there is `request`.
    const { url } = e.requestEvent.request
    for (const topic of e.subscriptions) {
      const options = url.parse(topic).query().get('options')
      // Unescaped, not parsed: two JSON readers may disagree about a key that is there twice.
      refuseBackRelation(
        options.replace(/\\u([0-9a-fA-F]{4})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))),
      )
    }
  },
}
