/** A concept on its way into the field, and as it stands there. */

/** One cluster's word on a concept, under the canonical concept that PassM' gave it. */
export interface RawConcept {
  readonly conceptId: string
  readonly rawConceptId: string
  readonly clusterId: string
  readonly name: string
  readonly normalisedName: string
  readonly gloss: string
  readonly aliases: readonly string[]
  readonly domain: string
  readonly canonicalFactId: string
}

/** `supportCount` is the number of distinct clusters. */
export interface FieldConcept {
  readonly conceptId: string
  readonly name: string
  readonly gloss: string
  readonly domain: string
  readonly canonicalFactId: string
  readonly supportCount: number
  /** Ascending by normalised form; the name itself is one of them. */
  readonly aliases: readonly FieldAlias[]
}

/** `name`: the concept's own; `merged`: the name of a concept that PassM' united with it; else `alias`. */
export type AliasOrigin = 'name' | 'alias' | 'merged'

export interface FieldAlias {
  readonly normalisedAlias: string
  readonly alias: string
  readonly origin: AliasOrigin
  readonly supportCount: number
}
