/**
 * What is refused before PocketBase looks at a request: see request-gates.js.
 *
 * The middleware's id is not a free choice. A JavaScript middleware keeps its runtime for as long as the request
 * lasts, and there are 15 runtimes: 15 open realtime streams would take them all, and every further request would
 * have to build one (0.6 ms became 1.5 ms when tried). Handlers with the same id replace each other, the inner one
 * wins, and the realtime stream binds one with this id (PocketBase, apis/realtime.go): so it does without ours.
 */

routerUse(
  new Middleware(
    (e) => {
      const gates = require(`${__hooks}/request-gates.js`)
      gates.refuseClosedRoute(e)
      gates.refuseDeadToken(e)
      gates.refuseBackRelationQuery(e)
      return e.next()
    },
    0,
    'pbSkipSuccessActivityLog',
  ),
)

onRealtimeSubscribeRequest((e) => {
  require(`${__hooks}/request-gates.js`).refuseBackRelationTopics(e)
  e.next()
})
