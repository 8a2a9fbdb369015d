/** What the page is told of a field: concepts with their evidence, their neighbourhood, and facts. */
import * as z from 'zod'
import { knownFactSchema } from '../known-fact.ts'
import { conceptHeadSchema } from '../search.ts'

const count = z.int().min(0)

const seenEdgeSchema = z.strictObject({
  edgeId: z.string(),
  relType: z.string(),
  direction: z.enum(['out', 'in']),
  otherId: z.string(),
  otherName: z.string(),
  scoreMillionths: count,
  supportCount: count,
})
export type SeenEdgeLine = z.infer<typeof seenEdgeSchema>

const memberSchema = knownFactSchema.extend({ role: z.string(), supportCount: count, duplicateCount: count })
export const memberPageSchema = z.strictObject({
  members: z.array(memberSchema),
  after: z.string().nullable(),
})
export type MemberPage = z.infer<typeof memberPageSchema>

export const edgePageSchema = z.strictObject({ edges: z.array(seenEdgeSchema), after: z.string().nullable() })
export type EdgePage = z.infer<typeof edgePageSchema>

export const conceptPageSchema = z.strictObject({
  fieldTag: z.string(),
  ...conceptHeadSchema.shape,
  aliases: z.array(z.strictObject({ alias: z.string(), origin: z.string(), supportCount: count })),
  glosses: z.array(z.strictObject({ gloss: z.string(), clusters: count })),
  vetoes: z.array(z.strictObject({ otherConceptId: z.string(), reason: z.string(), via: z.string() })),
  members: memberPageSchema,
  outgoing: edgePageSchema,
  incoming: edgePageSchema,
})
export type ConceptPage = z.infer<typeof conceptPageSchema>

export const evidencePageSchema = z.strictObject({
  evidence: z.array(knownFactSchema.extend({ clusterId: z.string(), evidence: z.string() })),
  after: z.string().nullable(),
})
export type EvidencePage = z.infer<typeof evidencePageSchema>

export const neighbourhoodSchema = z.strictObject({
  centre: z.string(),
  nodes: z.array(
    z.strictObject({ conceptId: z.string(), name: z.string(), domain: z.string(), edgeCount: count }),
  ),
  edges: z.array(
    z.strictObject({
      edgeId: z.string(),
      srcConceptId: z.string(),
      dstConceptId: z.string(),
      relType: z.string(),
      supportCount: count,
    }),
  ),
  /** Neighbours that are not shown. */
  left: count,
})
export type Neighbourhood = z.infer<typeof neighbourhoodSchema>

export const factPageSchema = knownFactSchema.extend({
  text: z.string(),
  dupGroupId: z.string(),
  state: z.string(),
  input: z.string(),
  lineNumber: count,
  byteOffset: count,
  role: z.string().nullable(),
  group: z.array(z.strictObject({ factId: z.string(), text: z.string() })),
  clusters: z.array(
    z.strictObject({
      clusterId: z.string(),
      standing: z.string(),
      shardNo: count.nullable(),
      standsAt: z.string(),
    }),
  ),
  concepts: z.array(z.strictObject({ conceptId: z.string(), name: z.string(), role: z.string() })),
  supports: z.array(
    z.strictObject({ edgeId: z.string(), srcName: z.string(), relType: z.string(), dstName: z.string() }),
  ),
})
export type FactPage = z.infer<typeof factPageSchema>

/** What a search is answered with while the index of a field is made. */
export const indexingSchema = z.strictObject({ indexing: z.string() })
export type Indexing = z.infer<typeof indexingSchema>
