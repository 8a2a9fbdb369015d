/** What one check of the audit found. */
import type { Inferred } from '../../../schemas/inferred.ts'
import type { checkResultSchema } from '../../../schemas/output/audit.ts'

export type CheckResult = Inferred<typeof checkResultSchema>

/** A check that is not SQL. */
export const told = (
  about: Pick<CheckResult, 'name' | 'claim' | 'file'>,
  found: number | string,
  expected: number | string,
): CheckResult => ({
  ...about,
  sql: null,
  attached: {},
  found,
  expected,
  passed: found === expected,
  skipped: null,
})
