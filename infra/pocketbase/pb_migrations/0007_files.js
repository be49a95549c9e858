/** Files: what a file is and belongs to, never where its bytes are. Only a service writes here. */

const SIGNED_IN = '@request.auth.collectionName = "users"'
const SERVICE = '@request.auth.collectionName = "services"'
const IN_PROJECT = `${SIGNED_IN} && (project.owner = @request.auth.id || project.members.id ?= @request.auth.id)`

const RELATIONS_THAT_CLEAR = ['owner', 'card', 'asset', 'generation', 'thumbnail']

migrate(
  (app) => {
    const idOf = (name) => app.findCollectionByNameOrId(name).id
    const files = new Collection({
      type: 'base',
      name: 'files',
      listRule: `(${IN_PROJECT}) || ${SERVICE}`,
      viewRule: `(${IN_PROJECT}) || ${SERVICE}`,
      // The hook pb_hooks/files-guard.pb.js says the same, to superusers as well.
      createRule: SERVICE,
      updateRule: SERVICE,
      deleteRule: SERVICE,
      fields: [
        // The same limit as FILE_NAME_MAX_CODE_POINTS in contracts; PocketBase counts code points too.
        { type: 'text', name: 'name', required: true, min: 1, max: 4096, presentable: true },
        { type: 'text', name: 'mime_type', required: true, max: 255 },
        // Not "required": PocketBase takes that as "not 0", and an empty file is a file.
        { type: 'number', name: 'size', onlyInt: true, min: 0 },
        { type: 'number', name: 'width', onlyInt: true, min: 0 },
        { type: 'number', name: 'height', onlyInt: true, min: 0 },
        { type: 'text', name: 'sha256', max: 64, pattern: '^[0-9a-f]{64}$' },
        {
          type: 'select',
          name: 'usage',
          required: true,
          maxSelect: 1,
          values: ['attachment', 'thumbnail', 'preview', 'generation_input', 'generation_output', 'avatar'],
        },
        { type: 'relation', name: 'owner', collectionId: idOf('users'), maxSelect: 1 },
        // Required and without cascade: a project that still has files cannot be deleted.
        { type: 'relation', name: 'project', collectionId: idOf('projects'), required: true, maxSelect: 1 },
        { type: 'relation', name: 'card', collectionId: idOf('cards'), maxSelect: 1 },
        { type: 'relation', name: 'asset', collectionId: idOf('assets'), maxSelect: 1 },
        { type: 'relation', name: 'generation', collectionId: idOf('generations'), maxSelect: 1 },
        { type: 'autodate', name: 'created', onCreate: true },
        { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
      ],
    })
    app.save(files)

    // A relation to files needs files to exist.
    files.fields.addAt(
      files.fields.length - 2,
      new RelationField({ name: 'thumbnail', collectionId: files.id, maxSelect: 1 }),
    )
    // Every relation is searched when its target is deleted.
    files.indexes = ['project', ...RELATIONS_THAT_CLEAR].map(
      (field) => `CREATE INDEX idx_files_${field} ON files (${field})`,
    )
    app.save(files)
  },
  (app) => app.delete(app.findCollectionByNameOrId('files')),
)
