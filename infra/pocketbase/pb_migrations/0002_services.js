/** Service identities: they sign in by password, and only superusers make, see or change them. */

const HOUR = 60 * 60

migrate(
  (app) => {
    app.save(
      new Collection({
        type: 'auth',
        name: 'services',
        listRule: null,
        viewRule: null,
        createRule: null,
        updateRule: null,
        deleteRule: null,
        authRule: '',
        manageRule: null,
        passwordAuth: { enabled: true, identityFields: ['email'] },
        authToken: { duration: HOUR },
        // Replicas come and go with new addresses: there is nobody to mail about it.
        authAlert: { enabled: false },
        fields: [
          { type: 'autodate', name: 'created', onCreate: true },
          { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
        ],
      }),
    )
  },
  (app) => app.delete(app.findCollectionByNameOrId('services')),
)
