import { describe } from 'vitest'
import { pickFiles } from './src/add-files.ts'
import { test } from './src/browser-test.ts'
import { expect } from './src/expect.ts'
import { picture } from './src/made-files.ts'
import { expectLoaded } from './src/shown-pictures.ts'

/** As long as a read URL may work. */
const READ_URL_SECONDS = 300

/** The same address with another last digit in its signature. */
function tamper(address: string): string {
  const url = new URL(address)
  const signature = url.searchParams.get('X-Amz-Signature') ?? ''
  url.searchParams.set(
    'X-Amz-Signature',
    signature.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
  )
  expect(url.href).not.toBe(address)
  return url.href
}

async function statusOf(address: string): Promise<number> {
  const response = await fetch(address)
  await response.body?.cancel()
  return response.status
}

describe('private storage', () => {
  test('a picture comes by a short-lived signed address; without it or with another signature it is refused', async ({
    studio,
    team: { ada, card, project },
    openAs,
  }) => {
    const page = await openAs(ada, { at: project.path })
    const file = picture('private.png')
    await pickFiles(page, card.title, [file])
    const image = page
      .getByRole('list', { name: `Files on ${card.title}` })
      .getByRole('img', { name: file.name })
    await expectLoaded(image)

    const source = (await image.getAttribute('src')) ?? ''
    const { origin, pathname, searchParams } = new URL(source)
    expect(`${origin}${pathname}`.startsWith(`${studio.objectStoreUrl}/`)).toBe(true)
    expect(Number(searchParams.get('X-Amz-Expires'))).toBeGreaterThan(0)
    expect(Number(searchParams.get('X-Amz-Expires'))).toBeLessThanOrEqual(2 * READ_URL_SECONDS)
    expect(searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/)

    const served = await fetch(source)
    expect(Buffer.from(await served.arrayBuffer()).equals(file.buffer)).toBe(true)
    expect(await statusOf(`${origin}${pathname}`)).toBe(403)
    expect(await statusOf(tamper(source))).toBe(403)
  })

  test('the record that PocketBase keeps of a file says nothing about where its bytes are', async ({
    studio,
    team: { ada, card, project },
    openAs,
  }) => {
    const page = await openAs(ada, { at: project.path })
    const file = picture('nowhere.png')
    await pickFiles(page, card.title, [file])
    const image = page
      .getByRole('list', { name: `Files on ${card.title}` })
      .getByRole('img', { name: file.name })
    await expectLoaded(image)

    const record = await ada.records.collection('files').getFirstListItem(`card = "${card.id}"`)
    expect(record).toMatchObject({ name: file.name, size: file.buffer.length, project: project.id })
    // The folders that a file was dropped with, as the person had them: of a file that was picked, none.
    const { path, ...others } = record
    expect(path).toBe('')
    expect(
      Object.keys(others).filter((field) => /url|uri|path|key|locat|bucket|store|href|file/i.test(field)),
    ).toEqual([])
    const store = new URL(studio.objectStoreUrl)
    const said = JSON.stringify(record)
    for (const location of [store.host, `${store.pathname}/`, 'http']) expect(said).not.toContain(location)
  })
})
