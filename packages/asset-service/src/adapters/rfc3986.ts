/** Percent-encoding as RFC 3986 and Signature Version 4 want it. */

const percentEncode = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`

/** Encodes everything but the unreserved characters (RFC 3986, section 2.3); `encodeURIComponent` leaves five more. */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, percentEncode)
}

/** Encodes an object's key as a path: the slashes stay. */
export function encodeKey(key: string): string {
  return encodeRfc3986(key).replaceAll('%2F', '/')
}
