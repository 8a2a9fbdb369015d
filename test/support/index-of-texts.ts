/** A neighbour index over a few texts, whose ranks are their places. */
import { createTextCutter, type TermBlock } from '../../src/passes/20-x-expand/cut-texts.ts'
import { createIndexBuilder } from '../../src/passes/20-x-expand/index-builder.ts'
import type { NeighbourIndex } from '../../src/passes/20-x-expand/neighbour-index.ts'

/** @param ownCount the first so many are to be covered; all unless given */
export function indexOfTexts(texts: readonly string[], ownCount = texts.length): NeighbourIndex {
  const blocks: TermBlock[] = []
  const cutter = createTextCutter((block) => blocks.push(block.slice()))
  for (const [rank, text] of texts.entries()) cutter.cut(rank, text, '')
  const builder = createIndexBuilder(cutter.finish(), ownCount)
  for (const block of blocks) builder.add(block)
  return builder.finish()
}
