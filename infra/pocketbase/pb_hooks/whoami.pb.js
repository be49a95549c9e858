/** GET /api/studio/whoami: who a token belongs to, for servers that were handed one by a browser. */

routerAdd(
  'GET',
  '/api/studio/whoami',
  (e) => {
    e.response.header().set('Cache-Control', 'no-store')
    return e.json(200, { id: e.auth.id, email: e.auth.email(), name: e.auth.getString('name') })
  },
  $apis.requireAuth('users'),
)
