/** The kept facts as a graph: in one piece, and without circles where a circle says nothing. */
import type { Cluster } from '../../../schemas/cluster.ts'
import type { Finding } from '../../../schemas/finding.ts'
import type { Structure } from '../../../schemas/structure.ts'
import { keptFacts } from './kept-facts.ts'

/** "a is a sharper b" and "a needs b" order facts: round in a circle they order nothing. */
const ORDERING_TYPES = ['refines', 'depends_on'] as const

export function checkGraph(structure: Structure, cluster: Cluster): Finding[] {
  const { positions } = keptFacts(structure, cluster)
  return [
    ...checkConnection(structure, positions),
    ...ORDERING_TYPES.flatMap((type) => checkCircle(structure, positions, type)),
  ]
}

function checkConnection({ concept, relations }: Structure, kept: ReadonlySet<number>): Finding[] {
  const first = kept.has(concept.canonical_i) ? concept.canonical_i : Math.min(...kept)
  const reached = componentOf(first, kept, relations)
  if (reached.size === kept.size || kept.size === 0) return []
  const apart = [...kept].filter((i) => !reached.has(i)).sort((a, b) => a - b)
  const message = `no relations lead from fact ${first} to ${apart.join(', ')}`
  return [{ code: 'keep_disconnected', at: 'relations', message }]
}

/**
 * The kept facts that relations of any type and direction tie to this one, itself included. Relations with an end
 * that was not kept tie nothing.
 */
export function componentOf(
  start: number,
  kept: ReadonlySet<number>,
  relations: Structure['relations'],
): Set<number> {
  const neighbours = new Map<number, number[]>()
  for (const { src_i, dst_i } of relations) {
    if (!kept.has(src_i) || !kept.has(dst_i)) continue
    addTo(neighbours, src_i, dst_i)
    addTo(neighbours, dst_i, src_i)
  }
  const reached = new Set([start])
  // A set may grow while it is walked: what is added is visited too.
  for (const i of reached) for (const next of neighbours.get(i) ?? []) reached.add(next)
  return reached
}

/** Facts from which every way was followed to its end are taken away; what is left stands in or before a circle. */
function checkCircle({ relations }: Structure, kept: ReadonlySet<number>, type: string): Finding[] {
  const targets = new Map<number, number[]>()
  for (const { src_i, dst_i, rel_type } of relations) {
    const isStep = rel_type === type && src_i !== dst_i && kept.has(src_i) && kept.has(dst_i)
    if (isStep) addTo(targets, src_i, dst_i)
  }
  const state = new Map<number, 'open' | 'closed'>()
  const goesRound = (i: number): boolean => {
    const known = state.get(i)
    if (known !== undefined) return known === 'open'
    state.set(i, 'open')
    if ((targets.get(i) ?? []).some(goesRound)) return true
    state.set(i, 'closed')
    return false
  }
  const from = [...targets.keys()].sort((a, b) => a - b).find(goesRound)
  if (from === undefined) return []
  const ring = [...state].filter(([, value]) => value === 'open').map(([i]) => i)
  const message = `${type} goes round in a circle among facts ${ring.sort((a, b) => a - b).join(', ')}`
  return [{ code: 'relation_cycle', at: 'relations', message, relType: type }]
}

function addTo(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
