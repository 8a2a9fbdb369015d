import type { AgainstBase, FieldMetrics } from '../../../schemas/health.ts'
import { type Distribution, diverge } from './diverge.ts'
import { millionthsOf } from './millionths.ts'

export interface Comparison {
  readonly baseTag: string
  readonly base: FieldMetrics
  readonly now: FieldMetrics
  readonly superseded: AgainstBase['superseded']
  /** Losses that come only from clusters that were retired or are being done again. */
  readonly explained: { readonly concepts: number; readonly facts: number }
}

/** Quality against the field before, not only size. */
export function compareFields({ baseTag, base, now, superseded, explained }: Comparison): AgainstBase {
  return {
    base_tag: baseTag,
    concepts: now.concepts - base.concepts,
    aliases: now.aliases - base.aliases,
    members: now.members - base.members,
    facts: now.facts - base.facts,
    fact_edges: now.fact_edges - base.fact_edges,
    edges: now.edges - base.edges,
    seeds: now.seeds - base.seeds,
    fact_relation_shift_millionths: diverge(
      asDistribution(base.fact_relation_types),
      asDistribution(now.fact_relation_types),
    ),
    edge_relation_shift_millionths: diverge(
      asDistribution(base.edge_relation_types),
      asDistribution(now.edge_relation_types),
    ),
    superseded,
    concepts_shrunk_millionths: shrunk(base.concepts, explained.concepts, now.concepts),
    facts_shrunk_millionths: shrunk(base.facts, explained.facts, now.facts),
  }
}

const shrunk = (before: number, explained: number, now: number): number | null =>
  millionthsOf(Math.max(0, before - explained - now), before)

const asDistribution = (types: FieldMetrics['edge_relation_types']): Distribution =>
  new Map(types.map(({ rel_type, edges }) => [rel_type, edges]))
