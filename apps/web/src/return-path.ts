/** Where somebody goes who has just signed in. */

/**
 * A path on this site, whatever an address may ask for: browsers read `//host` and `/\host` as another host's address,
 * and drop tabs and line breaks on the way.
 */
export function safeReturnPath(asked: string | undefined): string {
  if (asked === undefined || !/^\/(?![/\\])/.test(asked) || /[\p{Cc}\\]/u.test(asked)) return '/'
  return asked.startsWith('/sign-in') ? '/' : asked
}
