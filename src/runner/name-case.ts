/** What a case is called: its codes, and the group that it belongs to. */
import type { FailureCode } from '../../schemas/failure.ts'
import type { Finding } from '../../schemas/finding.ts'

/** Ascending, each once. */
export const codesOf = (findings: readonly Finding[]): FailureCode[] =>
  [...new Set(findings.map(({ code }) => code))].sort()

/** Cases with the same codes on the same relation types in the same domain are one group to look at. */
export function signatureOf(
  codes: readonly FailureCode[],
  findings: readonly Finding[],
  domain: string,
): string {
  const about = [...new Set(findings.flatMap(({ relType }) => relType ?? []))].sort()
  return [codes.join('+'), about.join('+'), domain].join(' | ')
}
