/** The check behind files-guard.pb.js, in a module because hook handlers cannot see what is around them. */

module.exports = {
  /** Throws 403 unless the request carries the token of a record of `services`. */
  requireService(e) {
    if (e.auth && e.auth.collection().name === 'services') return
    throw new ForbiddenError('Only a service identity writes files.')
  },
}
