/** Only a service writes `files`. The collection's rules say so to users; superusers pass by rules, not by this. */

onRecordCreateRequest((e) => {
  require(`${__hooks}/service-only.js`).requireService(e)
  e.next()
}, 'files')

onRecordUpdateRequest((e) => {
  require(`${__hooks}/service-only.js`).requireService(e)
  e.next()
}, 'files')

onRecordDeleteRequest((e) => {
  require(`${__hooks}/service-only.js`).requireService(e)
  e.next()
}, 'files')
