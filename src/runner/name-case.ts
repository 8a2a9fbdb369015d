/** What a case is called: its codes, and the group that it belongs to. */
import type { FailureCode } from '../../schemas/failure.ts'
import type { Finding } from '../../schemas/finding.ts'
import { printableLine } from '../language/printable.ts'

/** A model may make up types of any length and number; a group's name stays one that fits on a line. */
const LONGEST_TYPE_CHARS = 40
const MOST_TYPES = 8

/** Ascending, each once. */
export const codesOf = (findings: readonly Finding[]): FailureCode[] =>
  [...new Set(findings.map(({ code }) => code))].sort()

/** Cases with the same codes on the same relation types in the same domain are one group to look at. */
export function signatureOf(
  codes: readonly FailureCode[],
  findings: readonly Finding[],
  domain: string,
): string {
  const about = [...new Set(findings.flatMap(({ relType }) => (relType === undefined ? [] : shown(relType))))]
  return [codes.join('+'), about.sort().slice(0, MOST_TYPES).join('+'), domain].join(' | ')
}

/** Cut between characters: half of one could not be stored. */
const shown = (relType: string): string => printableLine([...relType].slice(0, LONGEST_TYPE_CHARS).join(''))
