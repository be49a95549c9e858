/** The README's code is what is type-checked in `examples/`. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '@studio/contracts/error-code'

const at = (path: string) => new URL(`../${path}`, import.meta.url)
const readme = readFileSync(at('README.md'), 'utf8')
const blocks = [...readme.matchAll(/```ts\n(?<code>[^]*?)```/g)].map((match) => match.groups?.code)
const examples = readdirSync(at('examples')).map((name) => readFileSync(at(`examples/${name}`), 'utf8'))

describe('the README', () => {
  it('shows every example as it is, and no other code', () => {
    expect(examples.length).toBeGreaterThan(0)
    expect(blocks.toSorted()).toEqual(examples.toSorted())
  })

  it('names error codes that exist', () => {
    const table = readme.slice(readme.indexOf('| code |'), readme.indexOf('What ended for good'))
    const codes = [...table.matchAll(/`(?<code>[A-Z_]+)`/g)].map((match) => match.groups?.code)
    expect(codes.length).toBeGreaterThan(10)
    for (const code of codes) expect(ERROR_CODES).toHaveProperty(code ?? '')
  })
})
