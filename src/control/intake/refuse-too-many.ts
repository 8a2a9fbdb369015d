/** The gate of intake: a corpus of which too much was refused is not worked on. */
import type { Db } from '../../../db/open.ts'
import { refusedQueries } from '../../../db/queries/refused.ts'
import { FAILURES, type FailureCode, RffError } from '../../../schemas/failure.ts'
import { count, plural } from '../../language/counted.ts'
import { intakeSummary, refusedSample } from './intake-summary.ts'

const SAMPLED_LINES = 5

interface RefusedRules {
  readonly planNo: number
  readonly maxRefusedShare: number
  readonly replace: boolean
}

/**
 * A plan that replaces the corpus allows no unread line at all: the fact on it would be taken for absent, and
 * removed. An id that was given twice, or a removal of nothing, hides no fact.
 *
 * @throws RffError too_many_refused with the first lines
 */
export function refuseTooMany(corpus: Db, { planNo, maxRefusedShare, replace }: RefusedRules): void {
  const { lines, refused } = intakeSummary(corpus, planNo)
  const allowedLines = Math.floor(lines * maxRefusedShare)
  const isUnsafe = replace && refusedQueries(corpus).unreadLines(planNo) > 0
  if (refused <= allowedLines && !isUnsafe) return
  const allowed = isUnsafe ? 'none is allowed with --replace' : `at most ${allowedLines} are allowed`
  const sample = refusedSample(corpus, planNo, SAMPLED_LINES)
  throw new RffError(
    'too_many_refused',
    [
      `${count(refused)} of ${plural(lines, 'line')} ${refused === 1 ? 'was' : 'were'} refused, ${allowed}; the first ones:`,
      ...sample.map(
        ({ path, lineNumber, code, message }) => `  ${path}, line ${lineNumber}: ${code}: ${message}`,
      ),
      ...hintsOf(sample.map(({ code }) => code)),
    ].join('\n'),
  )
}

/** One for each code, in the order in which they came. */
const hintsOf = (codes: readonly FailureCode[]): string[] =>
  [...new Set(codes)].map((code) => `  ${code}: ${FAILURES[code].hint}`)
