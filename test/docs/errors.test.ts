import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FAILURES, type FailureCode, type FailureKind, failureCodes } from '../../schemas/failure.ts'

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')

const HEADINGS: Record<FailureKind, string> = {
  input: 'Lines of a corpus',
  answer: 'Answers of a model',
  transport: 'Between us and a provider',
  program: 'The program',
}

interface Row {
  readonly code: string
  readonly heading: string
  readonly text: string
}

const rows: Row[] = page.split(/^## /m).flatMap((part) => {
  const heading = part.split('\n')[0]!
  return [...part.matchAll(/^\| `(\w+)` \|(.*)\|$/gm)].map(([, code, text]) => ({
    code: code!,
    heading,
    text: text!,
  }))
})

test('every code has exactly one row, and every row is a code', () => {
  expect(rows.map(({ code }) => code).sort()).toEqual([...failureCodes].sort())
})

test.each(failureCodes)('%s stands with its kind, its hint and its exit code', (code: FailureCode) => {
  const row = rows.find((one) => one.code === code)!
  const policy: { kind: FailureKind; hint: string; retry: boolean; exitCode?: number } = FAILURES[code]
  expect(row.heading).toBe(HEADINGS[policy.kind])
  expect(row.text).toContain(policy.hint)
  if (policy.kind === 'program') expect(row.text).toMatch(new RegExp(`^ ${policy.exitCode} \\|`))
  if (policy.kind === 'transport') expect(row.text).toMatch(policy.retry ? /^ yes \|/ : /^ no \|/)
})
