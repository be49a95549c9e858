/** An error whose message is all that the person at the terminal needs; anything else thrown shows its stack. */
export class DemoError extends Error {
  override readonly name = 'DemoError'
}
