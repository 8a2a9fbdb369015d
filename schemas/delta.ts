import type { MemberRole } from './structure.ts'

/**
 * What one structured cluster adds to the field. Every row carries the cluster that supports it, so support is a
 * set of cluster ids and a row that is merged twice counts once.
 */
export interface Material {
  readonly concept: DeltaConcept
  readonly members: readonly DeltaMember[]
  readonly edges: readonly DeltaEdge[]
  readonly links: readonly DeltaLink[]
}

export interface DeltaConcept {
  readonly clusterId: string
  readonly conceptId: string
  readonly name: string
  readonly normalisedName: string
  readonly gloss: string
  /** Surface forms as the answer gave them, ascending, without the name itself. */
  readonly aliases: readonly string[]
  readonly domain: string
  readonly canonicalFactId: string
}

export interface DeltaMember {
  readonly clusterId: string
  readonly conceptId: string
  readonly factId: string
  readonly dupGroupId: string
  readonly role: MemberRole
}

/** A relation between two facts. `supportFactIds` is ascending and holds both ends. */
export interface DeltaEdge {
  readonly clusterId: string
  readonly conceptId: string
  readonly srcFactId: string
  readonly dstFactId: string
  readonly relType: string
  readonly supportFactIds: readonly string[]
}

/** A relation from this concept to another one that is known by name only; PassX_link resolves it. */
export interface DeltaLink {
  readonly clusterId: string
  readonly conceptId: string
  readonly targetName: string
  readonly targetNormalisedName: string
  readonly relType: string
  readonly supportFactIds: readonly string[]
}
