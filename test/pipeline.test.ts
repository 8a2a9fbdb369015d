import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PIPELINE } from '../src/pipeline.ts'

const PAGE = readFileSync(new URL('../docs/pipeline.md', import.meta.url), 'utf8')

test('the page tells of every pass, and of no other', () => {
  const told = [...PAGE.matchAll(/^\| (\d\d) [\w-]+ \|/gmu)].map((match) => Number(match[1]))
  const measured = 80 // Health judges a field and is no step of making it.
  expect([...new Set(told)].sort()).toEqual(
    [...new Set(PIPELINE.map(({ number }) => number)), measured].sort(),
  )
})

test('no two steps share a name', () => {
  const names = PIPELINE.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})
