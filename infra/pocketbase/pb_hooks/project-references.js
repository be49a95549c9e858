/** The check behind same-project.pb.js, in a module because hook handlers cannot see what is around them. */

const REFERENCES = { card: 'cards', asset: 'assets' }

function projectOf(app, collection, id) {
  // A relation's raw value may still be a list in a string; only a plain id means one record.
  if (!/^[a-z0-9]{15}$/.test(id)) return null
  try {
    return app.findRecordById(collection, id).getString('project')
  } catch {
    return null
  }
}

module.exports = {
  /** Throws 400 when a changed `card` or `asset` is not in the record's project; unknown and foreign look the same. */
  refuseForeignReferences(app, record) {
    for (const [field, collection] of Object.entries(REFERENCES)) {
      const id = record.getString(field)
      if (id === '' || id === record.original().getString(field)) continue
      if (projectOf(app, collection, id) === record.getString('project')) continue
      throw new BadRequestError('Failed to save the record.', {
        // The code and text of PocketBase for a relation to nothing (core/field_relation.go).
        [field]: new ValidationError(
          'validation_missing_rel_records',
          'Failed to find all relation records with the provided ids',
        ),
      })
    }
  },
}
