/** Three readings of the facts make the neighbour index; after the first its size is known. */
import { createTermCounter } from '../../passes/20-x-expand/count-terms.ts'
import { createTermMeasure, type IndexMeasure } from '../../passes/20-x-expand/measure-terms.ts'
import type { NeighbourIndex } from '../../passes/20-x-expand/neighbour-index.ts'
import { createFactPlacer } from '../../passes/20-x-expand/place-facts.ts'
import type { ExpandProgress } from './expand-options.ts'
import { type RankedFact, type Reading, readFacts } from './read-facts.ts'

export interface BuiltIndex {
  readonly index: NeighbourIndex
  /** By rank. */
  readonly factNos: Uint32Array
}

type Report = (progress: ExpandProgress) => void
export type Scope = 'domain' | 'corpus'

const spaceOf = (domain: string, scope: Scope): string => (scope === 'domain' ? domain : '')

export async function measureIndex(reading: Reading, scope: Scope, report: Report): Promise<IndexMeasure> {
  const measure = createTermMeasure()
  await readFacts(
    reading,
    ({ text, domain }) => measure.add(text, spaceOf(domain, scope)),
    (done) => report({ step: 'measure', done, total: reading.factCount }),
  )
  return measure.measure()
}

/** @param visit gets each fact too, in the last reading */
export async function buildIndex(
  reading: Reading,
  measure: IndexMeasure,
  scope: Scope,
  visit: (fact: RankedFact) => void,
  report: Report,
): Promise<BuiltIndex> {
  const total = reading.factCount
  const counter = createTermCounter(measure)
  await readFacts(
    reading,
    ({ text, domain }) => counter.count(text, spaceOf(domain, scope)),
    (done) => report({ step: 'count', done, total }),
  )
  const placer = createFactPlacer(measure, counter.number(), reading.ownCount)
  const factNos = new Uint32Array(total)
  await readFacts(
    reading,
    (fact) => {
      placer.place(fact.rank, fact.text, spaceOf(fact.domain, scope))
      factNos[fact.rank] = fact.factNo
      visit(fact)
    },
    (done) => report({ step: 'place', done, total }),
  )
  return { index: placer.finish(), factNos }
}
