import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as states from '../../schemas/states.ts'

const page = readFileSync(new URL('../../docs/states.md', import.meta.url), 'utf8')

const lists: (readonly [string, readonly string[]])[] = Object.entries(states)

test.each(lists)('every state of %s is on the page', (_, names) => {
  for (const name of names) expect(page).toMatch(new RegExp(`\\b${name}\\b`))
})

test('each machine that can move has a picture', () => {
  const parts = page.split(/^## /m).slice(1)
  expect(parts.length).toBeGreaterThanOrEqual(8)
  for (const part of parts) expect(part, part.split('\n')[0]).toMatch(/```\n[\s\S]*──▶[\s\S]*```/)
})

/** Every list of words that a CHECK allows. */
const checks = ['control', 'corpus', 'shard', 'field'].flatMap((kind) => {
  const dir = new URL(`../../db/migrations/${kind}/`, import.meta.url)
  return readdirSync(dir).flatMap((file) => {
    const sql = readFileSync(new URL(file, dir), 'utf8').replace(/--[^\n]*/g, '')
    const lists = [...sql.matchAll(/\b(state|outcome|role|standing|lane) IN \(([^)]*)\)/g)]
    const choices = [...sql.matchAll(/\b(state|outcome|role|standing|lane) = '\w+'(\s+OR \1 = '\w+')+/g)]
    return [...lists, ...choices].map(([whole, column]) => ({
      column: `${kind}.${column}`,
      names: [...whole.matchAll(/'(\w+)'/g)].map(([, name]) => name!),
    }))
  })
})

test('the CHECKs of the tables allow no state that schemas/states.ts does not know', () => {
  const known = lists.map(([, names]) => new Set(names))
  expect(checks.length).toBeGreaterThan(10)
  for (const { column, names } of checks) {
    const isKnown = known.some((list) => names.every((name) => list.has(name)))
    if (!ELSEWHERE.has(names.join())) expect(isKnown, `${column}: ${names.join(', ')}`).toBe(true)
  }
})

/** Lists that are no state of a machine of ours, or are drawn where they are used. */
const ELSEWHERE = new Set(['open,returned', 'running,failed,done'])
