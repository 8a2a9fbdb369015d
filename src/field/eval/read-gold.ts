/** Gold files, JSON lines of relations or of trees, read whole: they are made by hand and small beside a corpus. */
import { readFileSync } from 'node:fs'
import { unreadable } from '../../../schemas/as-failure.ts'
import { RffError } from '../../../schemas/failure.ts'
import { type GoldRelation, type GoldTree, goldRelationSchema, goldTreeSchema } from './gold.ts'

export interface Gold {
  readonly relations: readonly GoldRelation[]
  readonly trees: readonly GoldTree[]
}

/**
 * All files together, in the order of their lines.
 *
 * @throws RffError input_not_found; input_unreadable with the line that is neither a relation nor a tree
 */
export function readGold(paths: readonly string[]): Gold {
  const relations: GoldRelation[] = []
  const trees: GoldTree[] = []
  for (const path of paths) {
    for (const [at, line] of linesOf(path).entries()) {
      if (line.trim() === '') continue
      const row = parsed(line)
      const relation = goldRelationSchema.safeParse(row)
      const tree = goldTreeSchema.safeParse(row)
      if (relation.success) relations.push(relation.data)
      else if (tree.success) trees.push(tree.data)
      else
        throw new RffError(
          'input_unreadable',
          `${path}, line ${at + 1} is no gold: expected an object with src, relation and dst, or with leaves and distractors`,
        )
    }
  }
  return { relations, trees }
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch (cause) {
    throw unreadable('the gold', path, cause)
  }
}

/** Undefined, which is neither kind of gold, for what is not JSON. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
