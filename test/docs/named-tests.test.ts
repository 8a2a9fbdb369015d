/** A page that names a test as its proof names one that is there, by words that stand in it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const DOCS = new URL('../../docs/', import.meta.url)
const NAMED = /`(test\/[\w./-]+\.ts)`(?: \*((?:[^*\\|]|\\.)+)\*)?/g

interface NamedTest {
  readonly page: string
  readonly path: string
  readonly words: string
}

const named: NamedTest[] = readdirSync(DOCS)
  .filter((page) => page.endsWith('.md'))
  .flatMap((page) =>
    [...readFileSync(new URL(page, DOCS), 'utf8').replaceAll('\n', ' ').matchAll(NAMED)].map(
      ([, path, words = '']) => ({ page, path: path!, words: words.replaceAll('\\*', '*') }),
    ),
  )

test('every test that a page names is there, with the words that the page says', () => {
  expect(named.length).toBeGreaterThan(60)
  for (const { page, path, words } of named) {
    const place = new URL(`../../${path}`, import.meta.url)
    expect(existsSync(place), `${path} of docs/${page}`).toBe(true)
    expect(readFileSync(place, 'utf8'), `docs/${page}`).toContain(words)
  }
})
