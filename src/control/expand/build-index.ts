/** The facts of a corpus to the neighbour index: the texts are read once, and then the index's size is known. */
import { randomUUID } from 'node:crypto'
import { createTextCutter, type IndexMeasure } from '../../passes/20-x-expand/cut-texts.ts'
import { createIndexBuilder } from '../../passes/20-x-expand/index-builder.ts'
import type { NeighbourIndex } from '../../passes/20-x-expand/neighbour-index.ts'
import type { ExpandProgress } from './expand-options.ts'
import { type RankedFact, type Reading, readFacts } from './read-facts.ts'
import { openTermSpool } from './term-spool.ts'

export interface BuiltIndex {
  readonly index: NeighbourIndex
  readonly measure: IndexMeasure
  /** By rank. */
  readonly factNos: Uint32Array
}

export type Scope = 'domain' | 'corpus'

/**
 * @param visit gets each fact too
 * @throws RffError interrupted
 */
export async function buildIndex(
  reading: Reading,
  scope: Scope,
  visit: (fact: RankedFact) => void,
  report: (progress: ExpandProgress) => void,
): Promise<BuiltIndex> {
  const total = reading.factCount
  const factNos = new Uint32Array(total)
  const spool = openTermSpool(`${reading.corpus.name}-terms-${randomUUID()}`)
  try {
    const cutter = createTextCutter(spool.put)
    await readFacts(
      reading,
      (fact) => {
        cutter.cut(fact.rank, fact.text, scope === 'domain' ? fact.domain : '')
        factNos[fact.rank] = fact.factNo
        visit(fact)
      },
      (done) => report({ step: 'read', done, total }),
    )
    const measure = cutter.finish()
    const builder = createIndexBuilder(measure, reading.ownCount)
    for (const block of spool.blocks()) builder.add(block)
    report({ step: 'index', done: total, total })
    return { index: builder.finish(), measure, factNos }
  } finally {
    spool.close()
  }
}
