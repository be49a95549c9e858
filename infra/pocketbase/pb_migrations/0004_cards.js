/** Cards: ordered places in a project. A move writes one record: its `order`, a fractional index. */

const SIGNED_IN = '@request.auth.collectionName = "users"'
const SERVICE = '@request.auth.collectionName = "services"'
const IN_PROJECT = `${SIGNED_IN} && (project.owner = @request.auth.id || project.members.id ?= @request.auth.id)`
// See README.md, "A child stays in its project".
const STAYS = '@request.body.project:changed = false'

migrate(
  (app) => {
    const projects = app.findCollectionByNameOrId('projects')
    app.save(
      new Collection({
        type: 'base',
        name: 'cards',
        listRule: `(${IN_PROJECT}) || ${SERVICE}`,
        viewRule: `(${IN_PROJECT}) || ${SERVICE}`,
        createRule: IN_PROJECT,
        updateRule: `${IN_PROJECT} && ${STAYS}`,
        deleteRule: IN_PROJECT,
        fields: [
          {
            type: 'relation',
            name: 'project',
            collectionId: projects.id,
            required: true,
            maxSelect: 1,
            cascadeDelete: true,
          },
          { type: 'text', name: 'title', max: 500, presentable: true },
          // SQLite compares TEXT bytewise (collation BINARY), which is what a fractional index needs.
          { type: 'text', name: 'order', required: true, min: 1, max: 200, pattern: '^[0-9A-Za-z]+$' },
          { type: 'autodate', name: 'created', onCreate: true },
          { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
        ],
        indexes: ['CREATE INDEX idx_cards_project_order ON cards (project, `order`, id)'],
      }),
    )
  },
  (app) => app.delete(app.findCollectionByNameOrId('cards')),
)
