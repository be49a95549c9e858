/** No collection may get a `file` field: bytes belong to the Asset Service, and PocketBase would store them itself. */

onCollectionCreateRequest((e) => {
  require(`${__hooks}/file-fields.js`).refuseFileFields(e.collection)
  e.next()
})

onCollectionUpdateRequest((e) => {
  require(`${__hooks}/file-fields.js`).refuseFileFields(e.collection)
  e.next()
})

onCollectionsImportRequest((e) => {
  const { refuseFileFields } = require(`${__hooks}/file-fields.js`)
  for (const data of e.collectionsData) {
    // Read as the import itself will read it, so that nothing can be spelt in a way that only one of us understands.
    const collection = new Collection()
    unmarshal(data, collection)
    refuseFileFields(collection)
  }
  e.next()
})
