import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { jsonPage } from '../support/docs/json-page.ts'

test('docs/json.md is what the schemas say today', () => {
  expect(readFileSync(new URL('../../docs/json.md', import.meta.url), 'utf8')).toBe(jsonPage())
})
