/** `plan --replace`: the facts that its inputs do not name are removed. */
import type { Db } from '../../../db/open.ts'
import { factQueries } from '../../../db/queries/facts.ts'

/** Facts a transaction looks at. */
const PAGE_FACTS = 20_000

/**
 * A removed fact is not found again, so a killed removal goes on where it was.
 *
 * @param domains the plan asked for no others, so it says nothing about their facts
 */
export function removeAbsent(
  corpus: Db,
  planNo: number,
  firstInputNo: number,
  domains: ReadonlySet<string> | null,
): void {
  const facts = factQueries(corpus)
  const asked = domains && [...domains]
  const page = corpus.transaction((after: number) => {
    facts.replaceAbsent({ after, through: after + PAGE_FACTS, planNo, firstInputNo, domains: asked })
  })
  for (let after = 0; after < facts.lastFactNo(); after += PAGE_FACTS) page.immediate(after)
}
