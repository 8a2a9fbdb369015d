/** What one check of the audit found. */
export interface CheckResult {
  readonly name: string
  readonly claim: string
  /** From the workspace's folder on. */
  readonly file: string
  /** null where no SQL can tell, such as whether a pointer leads anywhere. */
  readonly sql: string | null
  /** Other files that the SQL reads, by the name under which they are attached. */
  readonly attached: Readonly<Record<string, string>>
  readonly found: number | string
  readonly expected: number | string
  readonly passed: boolean
  /** Why it was not made this time; null where it was. It then counts as neither passed nor failed. */
  readonly skipped: string | null
}

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
