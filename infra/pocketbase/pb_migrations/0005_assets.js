/** Assets: named things in a project that one or more files stand behind. */

const SIGNED_IN = '@request.auth.collectionName = "users"'
const SERVICE = '@request.auth.collectionName = "services"'
const IN_PROJECT = `${SIGNED_IN} && (project.owner = @request.auth.id || project.members.id ?= @request.auth.id)`
// See README.md, "A child stays in its project".
const STAYS = '@request.body.project:changed = false'

migrate(
  (app) => {
    const projects = app.findCollectionByNameOrId('projects')
    const cards = app.findCollectionByNameOrId('cards')
    app.save(
      new Collection({
        type: 'base',
        name: 'assets',
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
          { type: 'relation', name: 'card', collectionId: cards.id, maxSelect: 1 },
          // An asset is usually named after its first file, so it takes as long a name (contracts, limits.ts).
          { type: 'text', name: 'name', required: true, min: 1, max: 4096, presentable: true },
          {
            type: 'select',
            name: 'kind',
            required: true,
            maxSelect: 1,
            values: ['image', 'video', 'audio', 'document', 'other'],
          },
          { type: 'autodate', name: 'created', onCreate: true },
          { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
        ],
        indexes: [
          'CREATE INDEX idx_assets_project ON assets (project)',
          'CREATE INDEX idx_assets_card ON assets (card)',
        ],
      }),
    )
  },
  (app) => app.delete(app.findCollectionByNameOrId('assets')),
)
