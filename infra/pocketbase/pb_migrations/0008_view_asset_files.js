/** The files of assets, read-only. A view sends no realtime events: whoever wants those subscribes to `files`. */

const SIGNED_IN = '@request.auth.collectionName = "users"'
const IN_PROJECT = `${SIGNED_IN} && (project.owner = @request.auth.id || project.members.id ?= @request.auth.id)`

const QUERY = `
  SELECT f.id, f.asset, f.project, f.card, f.name, f.mime_type, f.size, f.width, f.height, f.sha256, f.usage,
    f.owner, f.generation, f.thumbnail, f.created, f.updated
  FROM files f
  WHERE f.asset != ''
`

migrate(
  (app) => {
    app.save(
      new Collection({
        type: 'view',
        name: 'view_asset_files',
        listRule: IN_PROJECT,
        viewRule: IN_PROJECT,
        viewQuery: QUERY,
      }),
    )
  },
  (app) => app.delete(app.findCollectionByNameOrId('view_asset_files')),
)
