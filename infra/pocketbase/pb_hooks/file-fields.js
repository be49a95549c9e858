/** The check behind no-file-fields.pb.js, in a module because hook handlers cannot see what is around them. */

module.exports = {
  /** Throws 400 with the error under `fields` when a collection has a field of type `file`. */
  refuseFileFields(collection) {
    for (const field of collection.fields) {
      if (field.type() !== 'file') continue
      throw new BadRequestError('Collections have no file fields: files go through the Asset Service.', {
        fields: new ValidationError(
          'validation_file_field_refused',
          `The field "${field.getName()}" of "${collection.name}" cannot be a file field.`,
        ),
      })
    }
  },
}
