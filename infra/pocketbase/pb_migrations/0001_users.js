/** People: sign-in, and who may see whom. PocketBase brings this collection; we take its avatar file away. */

const SIGNED_IN = '@request.auth.collectionName = "users"'

// Oneself, and everyone with whom one shares a project, in whichever role. The paths over projects are added
// by 0003, once that collection exists.
const ONESELF = `${SIGNED_IN} && id = @request.auth.id`

// An own record changes in its name alone. Every other field that PocketBase would take from its owner is named.
const ONLY_THE_NAME = [
  '@request.body.password:isset = false',
  '@request.body.email:changed = false',
  '@request.body.emailVisibility:changed = false',
  '@request.body.verified:changed = false',
].join(' && ')

const HOUR = 60 * 60
const FIVE_DAYS = 5 * 24 * HOUR

migrate(
  (app) => {
    const users = app.findCollectionByNameOrId('users')
    users.fields.removeByName('avatar')
    users.oauth2.mappedFields.avatarURL = ''
    users.listRule = ONESELF
    users.viewRule = ONESELF
    // Closed, except to a first sign-in through an identity provider, once one is configured.
    users.createRule = '@request.context = "oauth2"'
    users.updateRule = `${ONESELF} && ${ONLY_THE_NAME}`
    users.deleteRule = null
    // A token cannot be taken back one by one, so it lives shortly; an open screen refreshes it.
    users.authToken.duration = HOUR
    app.save(users)
  },
  (app) => {
    const users = app.findCollectionByNameOrId('users')
    const own = 'id = @request.auth.id'
    // The field as PocketBase's own first migration made it.
    users.fields.addAt(
      users.fields.length - 2,
      new FileField({
        id: 'file376926767',
        name: 'avatar',
        maxSelect: 1,
        mimeTypes: ['image/jpeg', 'image/png', 'image/svg+xml', 'image/gif', 'image/webp'],
      }),
    )
    users.oauth2.mappedFields.avatarURL = 'avatar'
    users.listRule = own
    users.viewRule = own
    users.createRule = ''
    users.updateRule = own
    users.deleteRule = own
    users.authToken.duration = FIVE_DAYS
    app.save(users)
  },
)
