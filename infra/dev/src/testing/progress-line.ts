/** Where the test servers say what takes time, such as building a server for the first time. */

/** Writes one line beside the test runner's own report. */
export function toStandardError(line: string): void {
  process.stderr.write(`${line}\n`)
}
