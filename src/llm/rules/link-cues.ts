/**
 * Explicit language of a relation, as data: lexico-syntactic patterns in the sense of Hearst (1992), one row each.
 *
 * A pattern is matched against verb and predicate of a fact; what follows the match is the list of things named.
 */

export type ClaimType = 'refines' | 'same_as' | 'part_of' | 'causes' | 'depends_on' | 'contradicts'

export interface LinkCue {
  readonly relType: ClaimType
  /** `out`: the fact's head stands in the relation to what is named. `in`: what is named stands in it to the head. */
  readonly direction: 'out' | 'in'
  readonly pattern: RegExp
}

const out = (relType: ClaimType, pattern: RegExp): LinkCue => ({ relType, direction: 'out', pattern })
const into = (relType: ClaimType, pattern: RegExp): LinkCue => ({ relType, direction: 'in', pattern })

const MODAL = '(?:(?:can|may|could|might|will|would|must|should|do|does)\\s+)?'
const ADVERB = '(?:(?:usually|often|sometimes|always|generally|typically|mainly|mostly|also|only|both)\\s+)*'
const at = (rest: string): RegExp => new RegExp(`^${MODAL}${ADVERB}(?:${rest})\\s+`, 'iu')
const be = (rest: string): RegExp =>
  new RegExp(`^${MODAL}(?:is|are|was|were|be)\\s+${ADVERB}(?:${rest})\\s+`, 'iu')

/** What the main verb of a sentence says. */
export const MAIN_VERB_CUES: readonly LinkCue[] = [
  // Hypernymy: "A is a kind of B". Plain "A is a B" is read by genusOf.
  out('refines', be('(?:an?\\s+|some\\s+)?(?:kind|type|sort|form|variety|example|instance|class)s?\\s+of')),
  // Meronymy, said of the part.
  out(
    'part_of',
    be(
      '(?:an?\\s+|the\\s+|one\\s+|some\\s+)?(?:\\w+\\s+)?(?:part|component|constituent|portion|stage)s?\\s+of',
    ),
  ),
  out('part_of', at('belongs?\\s+to')),
  // Meronymy, said of the whole.
  into('part_of', at('consists?\\s+of|contains?|comprises?|includes?|has|have')),
  into('part_of', be('(?:made(?:\\s+up)?|composed|formed)\\s+of|made\\s+from')),
  // Causation, said of the cause.
  out(
    'causes',
    at('causes?|results?\\s+in|leads?\\s+to|triggers?|induces?|brings?\\s+about|gives?\\s+rise\\s+to|cause'),
  ),
  out('causes', be('(?:the\\s+|an?\\s+)?causes?\\s+of|responsible\\s+for')),
  // Causation, said of the effect.
  into(
    'causes',
    be('caused\\s+by|due\\s+to|(?:the\\s+|an?\\s+)?results?\\s+of|triggered\\s+by|induced\\s+by'),
  ),
  into('causes', at('results?\\s+from')),
  // Requirement, said of what cannot do without.
  out('depends_on', at('requires?|needs?|depends?\\s+(?:up)?on|relies\\s+(?:up)?on|rely\\s+(?:up)?on')),
  out('depends_on', be('dependent\\s+(?:up)?on')),
  // Requirement, said of what is needed.
  into(
    'depends_on',
    be('(?:required|needed|necessary|essential|a\\s+requirement|a\\s+prerequisite)\\s+(?:for|by)'),
  ),
  // Opposition in so many words.
  out(
    'contradicts',
    be('(?:the\\s+)?(?:opposite|reverse|converse|antonym)\\s+of|opposed\\s+to|incompatible\\s+with'),
  ),
  out('contradicts', at('contradicts?|is\\s+not\\s+an?|are\\s+not')),
]

/** What the differentia of a definition says, wherever in it; inside a sentence, so in lower case, which is faster. */
export const DIFFERENTIA_CUES: readonly LinkCue[] = [
  // "part of the perianth that …": the definiens begins with it.
  out(
    'part_of',
    /^(?:(?:an?|the|any|one|that)\s+)?(?:\w+\s+)?(?:part|component|constituent|portion|section)s?\s+of\s+/iu,
  ),
  into(
    'part_of',
    /\b(?:consisting|composed|comprised|formed|made(?:\s+up)?)\s+of\s+|\bmade\s+from\s+|\bcontaining\s+/u,
  ),
  out(
    'causes',
    /\b(?:that|which)\s+(?:can\s+)?(?:causes?|results?\s+in|leads?\s+to)\s+|\b(?:causing|resulting\s+in|leading\s+to)\s+/u,
  ),
  into('causes', /\bcaused\s+by\s+|\bresulting\s+from\s+|\bdue\s+to\s+/u),
  out(
    'depends_on',
    /\b(?:that|which)\s+(?:requires?|needs?|depends?\s+on)\s+|\b(?:requiring|dependent\s+(?:up)?on)\s+/u,
  ),
  out('contradicts', /\b(?:the\s+)?opposite\s+of\s+/u),
  // "Nonrandom describes something not random": the denied term is the whole definiens.
  out('contradicts', /^(?:something\s+)?not\s+(?=[\p{L}-]+(?: [\p{L}-]+)?\.?$)/iu),
]

/** Things one has or causes that are no parts and no concepts of their own: "has a positive impact on". */
export const EMPTY_OBJECTS: ReadonlySet<string> = new Set(
  `impact effect influence role tendency property ability capacity need purpose number amount been to something thing
   lot kind change way same opposite value`.split(/\s+/u),
)
