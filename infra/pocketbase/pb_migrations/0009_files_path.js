/** Files: the folders that a file was dropped with, and whether it may only be saved. */

const COLUMNS = `f.id, f.asset, f.project, f.card, f.name, f.path, f.mime_type, f.size, f.width, f.height, f.sha256, f.usage,
    f.attachment_only, f.owner, f.generation, f.thumbnail, f.created, f.updated`

const COLUMNS_BEFORE = `f.id, f.asset, f.project, f.card, f.name, f.mime_type, f.size, f.width, f.height, f.sha256, f.usage,
    f.owner, f.generation, f.thumbnail, f.created, f.updated`

function showColumns(app, columns) {
  const view = app.findCollectionByNameOrId('view_asset_files')
  view.viewQuery = `SELECT ${columns} FROM files f WHERE f.asset != ''`
  app.save(view)
}

migrate(
  (app) => {
    const files = app.findCollectionByNameOrId('files')
    // The same limit as FOLDER_PATH_MAX_CODE_POINTS in contracts; PocketBase counts code points too.
    files.fields.addAt(2, new TextField({ name: 'path', max: 1024 }))
    files.fields.addAt(files.fields.length - 2, new BoolField({ name: 'attachment_only' }))
    app.save(files)
    showColumns(app, COLUMNS)
  },
  (app) => {
    showColumns(app, COLUMNS_BEFORE)
    const files = app.findCollectionByNameOrId('files')
    files.fields.removeByName('path')
    files.fields.removeByName('attachment_only')
    app.save(files)
  },
)
