/** How crowded a corpus is: neighbours a fact, sizes of clusters, texts that stand more than once. */
import { rmSync } from 'node:fs'
import { openDb } from '../../db/open.ts'
import { buildIndex } from '../../src/control/expand/build-index.ts'
import { expand } from '../../src/control/expand/expand.ts'
import { openReading } from '../../src/control/expand/read-facts.ts'
import { intake } from '../../src/control/intake/intake.ts'
import { createSearch } from '../../src/passes/20-x-expand/search-neighbours.ts'
import type { Cell } from './trial.ts'

/** The defaults of the settings. */
const SHAPE = { scope: 'corpus', maxMembers: 12, topK: 12, scoreFloor: 0.15, postingsCap: 2_000 } as const
/** Looked for, so that crowds above the usual twelve are seen. */
const NEIGHBOURS = 64
const ASKED_FACTS = 2_000

export async function neighbourCensus(factsPath: string, corpusPath: string): Promise<Record<string, Cell>> {
  const corpus = openDb(corpusPath, 'corpus', { mode: 'create' })
  try {
    await intake(corpus, {
      ...{ planNo: 1, inputs: [factsPath], map: {}, replace: false, frozen: false, maxRefusedShare: 0 },
      limits: { maxLineBytes: 1_048_576, maxTextChars: 20_000 },
    })
    const silent = (): void => undefined
    const reading = openReading(corpus, true, false, undefined)
    const texts = new Map<string, number>()
    const count = ({ text }: { text: string }): void => void texts.set(text, (texts.get(text) ?? 0) + 1)
    const { index } = await buildIndex(reading, SHAPE.scope, count, silent)
    const search = createSearch(index, {
      neighbourCount: NEIGHBOURS,
      scoreFloorMillionths: SHAPE.scoreFloor * 1_000_000,
      postingsCap: SHAPE.postingsCap,
    })
    const step = Math.max(1, Math.floor(index.ownCount / ASKED_FACTS))
    const found: number[] = []
    for (let rank = 0; rank < index.ownCount; rank += step)
      found.push(search(rank, 'own').ranks.filter((other) => other > 0).length)
    const summary = await expand(corpus, { ...SHAPE, planNo: 1, mode: 'cover', threadCount: 0 })
    const sizes = summary.clusterSizes.flatMap(({ size, clusters }) => new Array<number>(clusters).fill(size))
    const repeated = [...texts.values()].filter((uses) => uses > 1).reduce((sum, uses) => sum + uses, 0)
    return {
      facts: summary.factCount,
      'terms per 1,000 facts': (1_000 * summary.termCount) / summary.factCount,
      'neighbours p10': percentile(found, 0.1),
      p50: percentile(found, 0.5),
      p90: percentile(found, 0.9),
      'cluster size p10': percentile(sizes, 0.1),
      'size p50': percentile(sizes, 0.5),
      'size p90': percentile(sizes, 0.9),
      'lone %': (100 * summary.loneCount) / summary.factCount,
      'repeated texts %': (100 * repeated) / summary.factCount,
    }
  } finally {
    corpus.close()
    rmSync(corpusPath)
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
