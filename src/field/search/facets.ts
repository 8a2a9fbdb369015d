/** Facets: the mark of each value that a search is narrowed by, and how much of what was found bears each mark. */
import type { Candidate, FacetRow, SearchKind } from '../../../db/queries/search-reading.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { SearchResult } from '../../../schemas/search.ts'

const FACETS = ['domain', 'relation', 'run', 'support'] as const

/** Null where a facet is left open. */
type Narrowing = Readonly<Record<FacetRow['facet'], string | null>>

/** @throws RffError not_found for a value that the field does not have */
export function marksOf(facets: readonly FacetRow[], request: Narrowing): string[] {
  return FACETS.flatMap((facet) => {
    const value = request[facet]
    if (value === null) return []
    const row = facets.find((one) => one.facet === facet && one.value === value)
    if (row === undefined)
      throw new RffError('not_found', `no ${facet} of this field is ${value}; ${offered(facets, facet)}`)
    return [row.mark]
  })
}

const OFFERED_MOST = 10

function offered(facets: readonly FacetRow[], facet: FacetRow['facet']): string {
  const values = facets.filter((row) => row.facet === facet).map(({ value }) => value)
  const more = values.length > OFFERED_MOST ? ', …' : ''
  return `there are ${values.slice(0, OFFERED_MOST).join(', ')}${more}`
}

/** Most frequent first, then by value; support ascending. @param counted a kind: everything of it */
export function countFacets(
  facets: readonly FacetRow[],
  counted: SearchKind | readonly Candidate[],
): SearchResult['facets'] {
  const counts = new Map<string, number>()
  if (typeof counted === 'string') for (const row of facets) counts.set(row.mark, row[counted])
  else
    for (const { marks } of counted)
      for (const mark of marks.split(' ')) counts.set(mark, (counts.get(mark) ?? 0) + 1)
  const of = (facet: FacetRow['facet']) =>
    facets
      .filter((row) => row.facet === facet && (counts.get(row.mark) ?? 0) > 0)
      .map(({ value, mark }) => ({ value, count: counts.get(mark)! }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  return { domain: of('domain'), relation: of('relation'), run: of('run'), support: of('support') }
}
