/** What people said of the facts of a corpus, to measure a field against: relations between two facts, and trees. */
import * as z from 'zod'
import { SYMMETRIC_TYPES } from '../../../schemas/relation-nature.ts'

export const goldRelationSchema = z.object({
  src: z.string().min(1),
  relation: z.string().min(1),
  dst: z.string().min(1),
})
/** One line of a file of relations; further columns are nobody's affair. */
export type GoldRelation = z.infer<typeof goldRelationSchema>

export const goldTreeSchema = z.object({
  leaves: z.array(z.string()),
  distractors: z.array(z.string()),
})
/** The leaves explain something together; the distractors were chosen to look as if they did. */
export type GoldTree = z.infer<typeof goldTreeSchema>

/** Both facts are about one thing, so one concept should hold them. */
export const IDENTITY_RELATIONS: ReadonlySet<string> = new Set(['duplicate_of', 'same_concept', 'same_as'])

/** Two facts on one thing can stand so to each other, so the relation does not say that there are two things. */
const WITHIN_ONE_THING: ReadonlySet<string> = new Set(['supports', 'depends_on'])

/** Whether who says this of two facts says that they define two different things. */
export const tellsApart = (relation: string): boolean =>
  !IDENTITY_RELATIONS.has(relation) && !WITHIN_ONE_THING.has(relation)

const SYMMETRIC_GOLD: ReadonlySet<string> = new Set([
  ...SYMMETRIC_TYPES,
  ...IDENTITY_RELATIONS,
  'opposite_of',
  'disjoint_with',
  'related',
])

export const isSymmetric = (relation: string): boolean => SYMMETRIC_GOLD.has(relation)

/** What a relation of the gold is called in the field, where the two differ and nobody says otherwise. */
export const DEFAULT_MAP: Readonly<Record<string, string>> = { instance_of: 'refines' }
