/** `pnpm demo [--json] [FILES…]`: uploads files the way a browser does and checks what became of each. */
import { parseArgs } from 'node:util'
import { printLine, runCommand } from './command-line.ts'
import { DemoError } from './demo-error.ts'
import { drawFiles } from './drawn-files.ts'
import { readDemoEnvironment } from './env.ts'
import { openFiles } from './open-files.ts'
import { formatResult } from './result-table.ts'
import { runDemo } from './run-demo.ts'

const HELP = `Uploads files as one person while another watches, reads each back, and checks that nobody else can.

  pnpm demo [--json] [FILES…]

  FILES    what to upload; without any, pictures that the demo draws
  --json   one JSON document in place of the table
  --help   this text

It ends with 0 only if every file was read back identical through its URL, is refused without it, and has a record
that does not say where it is.`

await runCommand(async () => {
  const { values, positionals } = readArguments()
  if (values.help === true) {
    printLine(HELP)
    return 0
  }
  const environment = readDemoEnvironment()
  const directory = environment.INIT_CWD ?? process.cwd()
  const files = positionals.length === 0 ? await drawFiles() : await openFiles(positionals, directory)
  const result = await runDemo(environment, files)
  const lines = values.json === true ? [JSON.stringify(result, null, 2)] : formatResult(result)
  for (const line of lines) printLine(line)
  return result.passed ? 0 : 1
})

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    })
  } catch (thrown) {
    throw new DemoError(`${thrown instanceof Error ? thrown.message : String(thrown)}\n\n${HELP}`, {
      cause: thrown,
    })
  }
}
