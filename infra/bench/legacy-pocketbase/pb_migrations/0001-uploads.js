/** The legacy way to upload: a record with a file field, made by whoever is signed in. */

migrate((app) => {
  // The starter of these servers signs in as a service; here it is nobody.
  app.save(
    new Collection({
      type: 'auth',
      name: 'services',
      passwordAuth: { enabled: true, identityFields: ['email'] },
    }),
  )
  app.save(
    new Collection({
      type: 'base',
      name: 'uploads',
      viewRule: '@request.auth.id != ""',
      createRule: '@request.auth.id != "" && owner = @request.auth.id',
      fields: [
        { type: 'file', name: 'file', maxSelect: 1, maxSize: 1024 * 1024 * 1024, required: true },
        {
          type: 'relation',
          name: 'owner',
          collectionId: app.findCollectionByNameOrId('users').id,
          maxSelect: 1,
          required: true,
        },
        { type: 'text', name: 'name' },
        { type: 'autodate', name: 'created', onCreate: true },
      ],
    }),
  )
})
