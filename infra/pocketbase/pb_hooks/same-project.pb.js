/** What an asset or a generation points to lies in its own project. Rules cannot say it: see README.md. */

onRecordCreateRequest(
  (e) => {
    require(`${__hooks}/project-references.js`).refuseForeignReferences(e.app, e.record)
    e.next()
  },
  'assets',
  'generations',
)

onRecordUpdateRequest(
  (e) => {
    require(`${__hooks}/project-references.js`).refuseForeignReferences(e.app, e.record)
    e.next()
  },
  'assets',
  'generations',
)
