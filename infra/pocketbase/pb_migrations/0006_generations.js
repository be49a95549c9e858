/** Generations: what people ask machine-learning workers to make. People queue them, services move them on. */

const SIGNED_IN = '@request.auth.collectionName = "users"'
const SERVICE = '@request.auth.collectionName = "services"'
const IN_PROJECT = `${SIGNED_IN} && (project.owner = @request.auth.id || project.members.id ?= @request.auth.id)`
// See README.md, "A child stays in its project".
const STAYS = '@request.body.project:changed = false'

migrate(
  (app) => {
    const projects = app.findCollectionByNameOrId('projects')
    const cards = app.findCollectionByNameOrId('cards')
    const assets = app.findCollectionByNameOrId('assets')
    app.save(
      new Collection({
        type: 'base',
        name: 'generations',
        listRule: `(${IN_PROJECT}) || ${SERVICE}`,
        viewRule: `(${IN_PROJECT}) || ${SERVICE}`,
        createRule: `${IN_PROJECT} && status = "queued"`,
        updateRule: `${SERVICE} && ${STAYS}`,
        deleteRule: null,
        fields: [
          {
            type: 'relation',
            name: 'project',
            collectionId: projects.id,
            required: true,
            maxSelect: 1,
            cascadeDelete: true,
          },
          { type: 'relation', name: 'asset', collectionId: assets.id, maxSelect: 1 },
          { type: 'relation', name: 'card', collectionId: cards.id, maxSelect: 1 },
          { type: 'text', name: 'model', max: 200 },
          { type: 'text', name: 'prompt', max: 10000 },
          {
            type: 'select',
            name: 'status',
            required: true,
            maxSelect: 1,
            values: ['queued', 'running', 'succeeded', 'failed'],
          },
          { type: 'autodate', name: 'created', onCreate: true },
          { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
        ],
        indexes: [
          'CREATE INDEX idx_generations_project ON generations (project)',
          'CREATE INDEX idx_generations_asset ON generations (asset)',
          'CREATE INDEX idx_generations_card ON generations (card)',
        ],
      }),
    )
  },
  (app) => app.delete(app.findCollectionByNameOrId('generations')),
)
