/** Cross edges between concepts: evidence as PassX_link v0 finds it, candidates as v1 scores them. */
import * as z from 'zod'

export const EVIDENCE_KINDS = ['named', 'mention', 'shared_terms'] as const
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number]

/** What matched. Fields that say nothing are left out, so that the JSON stays short. */
export const linkDetailSchema = z.strictObject({
  /** The name by which the other concept was found. */
  name: z.string().optional(),
  /** It was found by an alias. */
  isAlias: z.boolean().optional(),
  /** The words that say the relation. */
  cue: z.string().optional(),
  /** Member facts, over all concepts, in which the name stands. */
  factCount: z.int().min(0).optional(),
  /** Rare terms that both share, ascending. */
  terms: z.array(z.string()).optional(),
})
export type LinkDetail = z.infer<typeof linkDetailSchema>

/** One piece of evidence: this fact, brought by this cluster, says so. */
export interface LinkEvidence {
  readonly srcConceptId: string
  readonly dstConceptId: string
  readonly relType: string
  readonly evidence: EvidenceKind
  readonly factId: string
  readonly clusterId: string
  readonly detail: LinkDetail
}

/** Why a candidate was dropped; empty where it was kept. */
export type DropReason = '' | 'below_threshold' | 'hub_name' | 'both_directions'

/** What the audit finds suspicious in a kept link. */
export const LINK_FLAGS = ['hub_name', 'name_inside_word', 'both_directions', 'several_types'] as const
export type LinkFlag = (typeof LINK_FLAGS)[number]

export interface ScoredLink {
  readonly srcConceptId: string
  readonly dstConceptId: string
  readonly relType: string
  readonly scoreMillionths: number
  /** What the score is made of, in millionths; their sum is the score before it is held within 0 and a million. */
  readonly parts: Readonly<Record<string, number>>
  readonly isKept: boolean
  readonly reason: DropReason
  /** Ascending. */
  readonly flags: readonly LinkFlag[]
}
