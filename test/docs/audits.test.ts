import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AUDIT_QUESTIONS } from '../support/docs/audit-questions.ts'
import { readAudits, runShell } from '../support/docs/audits-page.ts'
import { makeDemoWorkspace } from '../support/docs/demo-workspace.ts'

const audits = readAudits(readFileSync(new URL('../../docs/audits.md', import.meta.url), 'utf8'))
const hasSqlite3 = spawnSync('sqlite3', ['--version']).status === 0

test('the page has every question, once, with its line', () => {
  expect(audits.length).toBeGreaterThanOrEqual(14)
  expect(audits.map(({ question, command }) => ({ question, command }))).toEqual(
    AUDIT_QUESTIONS.map(({ question, command }) => ({ question, command })),
  )
})

describe.skipIf(!hasSqlite3)('on a demo workspace made just now', () => {
  let dir: string
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'rff-audits-'))
    makeDemoWorkspace(dir)
  })
  afterAll(() => rmSync(dir, { recursive: true }))

  test.each(audits)('sqlite3 answers "$question" as the page says', ({ command, answer }) => {
    expect(runShell(command, dir)).toBe(answer)
  })
})
