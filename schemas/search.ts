/** What a search finds, as `rff-shard search --json` prints it and the page gets it. */
import * as z from 'zod'
import { failureCodes } from './failure.ts'
import { knownFactSchema } from './known-fact.ts'

const count = z.int().min(0)

export const SEARCH_KINDS = ['concepts', 'facts'] as const

export const FOUND_BY = ['words', 'meaning', 'both'] as const
export type FoundBy = (typeof FOUND_BY)[number]

/** What is told of a concept wherever it is shown. */
export const conceptHeadSchema = z.strictObject({
  conceptId: z.string(),
  name: z.string(),
  gloss: z.string(),
  domain: z.string(),
  supportCount: count,
  memberCount: count,
  edgeCount: count,
})

export const conceptHitSchema = z.strictObject({
  ...conceptHeadSchema.shape,
  /** BM25 where words decide, the sum of reciprocal ranks where the order is hybrid. */
  scoreMillionths: count,
  foundBy: z.enum(FOUND_BY),
  /** The member that shows most of what was asked for; null where none can be read. */
  evidence: knownFactSchema.nullable(),
})
export type ConceptHit = z.infer<typeof conceptHitSchema>

export const factHitSchema = knownFactSchema.extend({
  scoreMillionths: count,
  foundBy: z.enum(FOUND_BY),
  /** The concepts that it is a member of. */
  concepts: z.array(z.strictObject({ conceptId: z.string(), name: z.string(), role: z.string() })),
})
export type FactHit = z.infer<typeof factHitSchema>

const facetValues = z.array(z.strictObject({ value: z.string(), count }))

export const searchResultSchema = z.strictObject({
  query: z.string(),
  kind: z.enum(SEARCH_KINDS),
  fieldTag: z.string(),
  /** What the order was made from: hybrid is words and meaning. */
  rankedBy: z.enum(['words', 'hybrid']),
  /** The same for people, with the model, how much of the field it knows, or why it was not used. */
  label: z.string(),
  /** null where the settings name no model of embeddings. */
  meaning: z
    .strictObject({
      model: z.string(),
      /** Documents of this kind that have a vector, of so many. */
      embedded: count,
      of: count,
      /** Why words alone decided; null where they did not, or nothing was asked for. */
      code: z.enum(failureCodes).nullable(),
      why: z.string().nullable(),
    })
    .nullable(),
  /** Of the hits by words. all: every word stands in each of them; some: nothing had them all. */
  matched: z.enum(['all', 'some']),
  /** Hits in all; at least so many where `isComplete` is false. */
  total: count,
  /** False where more matched than were ranked: those with most connections were. Facets count the ranked ones. */
  isComplete: z.boolean(),
  concepts: z.array(conceptHitSchema),
  facts: z.array(factHitSchema),
  facets: z.strictObject({
    domain: facetValues,
    relation: facetValues,
    run: facetValues,
    /** Supported by so many clusters or more. */
    support: facetValues,
  }),
})
export type SearchResult = z.infer<typeof searchResultSchema>
