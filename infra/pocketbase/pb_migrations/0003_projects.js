/** Projects: the unit of membership. Every rule on what a project holds asks who is in it. */

const SIGNED_IN = '@request.auth.collectionName = "users"'
const SERVICE = '@request.auth.collectionName = "services"'
const OWNER = `${SIGNED_IN} && owner = @request.auth.id`
const IN_PROJECT = `${SIGNED_IN} && (owner = @request.auth.id || members.id ?= @request.auth.id)`

// Far above any team; PocketBase needs a number to make a relation multiple.
const MEMBERS_MAX = 500

const ONESELF = `${SIGNED_IN} && id = @request.auth.id`
const SHARES_A_PROJECT = [
  'projects_via_owner.members.id ?= @request.auth.id',
  'projects_via_members.owner ?= @request.auth.id',
  'projects_via_members.members.id ?= @request.auth.id',
].join(' || ')
const ONESELF_OR_COLLEAGUES = `${SIGNED_IN} && (id = @request.auth.id || ${SHARES_A_PROJECT})`

function letUsersSee(app, rule) {
  const users = app.findCollectionByNameOrId('users')
  users.listRule = rule
  users.viewRule = rule
  app.save(users)
}

migrate(
  (app) => {
    const users = app.findCollectionByNameOrId('users')
    app.save(
      new Collection({
        type: 'base',
        name: 'projects',
        listRule: `(${IN_PROJECT}) || ${SERVICE}`,
        viewRule: `(${IN_PROJECT}) || ${SERVICE}`,
        createRule: OWNER,
        updateRule: OWNER,
        // Files hold on to their project (0007): PocketBase refuses to delete a project that has any.
        deleteRule: OWNER,
        fields: [
          { type: 'text', name: 'name', required: true, min: 1, max: 200, presentable: true },
          { type: 'relation', name: 'owner', collectionId: users.id, required: true, maxSelect: 1 },
          { type: 'relation', name: 'members', collectionId: users.id, maxSelect: MEMBERS_MAX },
          { type: 'autodate', name: 'created', onCreate: true },
          { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
        ],
        indexes: ['CREATE INDEX idx_projects_owner ON projects (owner)'],
      }),
    )
    letUsersSee(app, ONESELF_OR_COLLEAGUES)
  },
  (app) => {
    letUsersSee(app, ONESELF)
    app.delete(app.findCollectionByNameOrId('projects'))
  },
)
