/** A neighbour index over a few texts, whose ranks are their places. */
import { createTermCounter } from '../../src/passes/20-x-expand/count-terms.ts'
import { createTermMeasure } from '../../src/passes/20-x-expand/measure-terms.ts'
import type { NeighbourIndex } from '../../src/passes/20-x-expand/neighbour-index.ts'
import { createFactPlacer } from '../../src/passes/20-x-expand/place-facts.ts'

/** @param ownCount the first so many are to be covered; all unless given */
export function indexOfTexts(texts: readonly string[], ownCount = texts.length): NeighbourIndex {
  const measure = createTermMeasure()
  for (const text of texts) measure.add(text, '')
  const counter = createTermCounter(measure.measure())
  for (const text of texts) counter.count(text, '')
  const placer = createFactPlacer(measure.measure(), counter.number(), ownCount)
  for (const [rank, text] of texts.entries()) placer.place(rank, text, '')
  return placer.finish()
}
