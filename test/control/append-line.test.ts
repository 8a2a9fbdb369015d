import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { appendLine, readWholeLines } from '../../src/control/append-line.ts'
import { newFolder } from '../support/folder.ts'

test.each([
  ['its end', '{"a":1}\n{"b":'],
  ['its beginning', '{"a":1}\n\0\0\0\0\0:2}\n'],
  ['all of it', '{"a":1}\n\0\0\0\0\0\0\0'],
])('a last line that lost %s in a power cut is none, and the next one takes its place', (_, text) => {
  const path = join(newFolder(), 'lines.jsonl')
  writeFileSync(path, text)
  expect(readWholeLines(path)).toEqual(['{"a":1}'])
  appendLine(path, '{"c":3}')
  expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n{"c":3}\n')
})
