/** What eval prints. */
import * as z from 'zod'
import { fieldCountsSchema } from '../manifest.ts'
import { document } from './output.ts'

const count = z.int().min(0)

/** One relation of the gold, and what became of its lines. */
export const goldCountSchema = z.strictObject({
  relation: z.string(),
  /** Type of the field that it is measured as; null where there is none. */
  measuredAs: z.string().nullable(),
  /** Distinct pairs of two facts that can stand in a field. */
  pairs: count,
  inOneGroup: count,
  unknown: count,
})

export const shownFactSchema = z.strictObject({
  factId: z.string(),
  text: z.string(),
})

export const shownPairSchema = z.strictObject({
  relation: z.string(),
  src: shownFactSchema,
  dst: shownFactSchema,
})

/** What brought two facts into one concept. */
const mergedBySchema = z.strictObject({
  name: count.optional(),
  same_as: count.optional(),
  cluster: count.optional(),
  alias: count.optional(),
  near: count.optional(),
})

export const wrongMergeCountSchema = z.strictObject({
  relation: z.string(),
  /** Pairs that the gold tells apart by this relation. */
  gold: count,
  merged: count,
  by: mergedBySchema,
})

export const shownMergeSchema = z.strictObject({
  conceptId: z.string(),
  /** Of the concept; empty where the two share none. */
  conceptName: z.string(),
  by: z.string(),
  via: z.string(),
  relation: z.string(),
  src: shownFactSchema,
  dst: shownFactSchema,
})

export const togetherCountSchema = z.strictObject({
  pairs: count,
  /** Pairs that some cluster of the plan shows together. */
  inOneCluster: count,
  /** Pairs that some concept of the field holds both of. */
  inOneConcept: count,
})

export const treeScoreSchema = z.strictObject({
  trees: count,
  /** Two leaves of one tree. */
  leaves: togetherCountSchema,
  /** A leaf and a distractor of one tree. */
  distractors: togetherCountSchema,
})

/** How the pairs of one relation type were found. */
export const typeScoreSchema = z.strictObject({
  relType: z.string(),
  /** Pairs of the gold, each once; those of one group of duplicates and those that the corpus lacks are not here. */
  gold: count,
  /** Pairs of `gold` that some cluster of the plan showed together: most that edges inside concepts can reach. */
  inOneCluster: count,
  /** Pairs of `gold` of which the field has both facts. */
  inField: count,
  /** Pairs of `gold` not found whose facts share a concept: they met, and the relation was not said. */
  inOneConcept: count,
  /** Pairs that the field says, both facts of which stand in the gold of this type. */
  predicted: count,
  /** Pairs of `predicted` that are gold. */
  found: count,
  /** Pairs of `predicted` that are not gold and follow from it, since the type is transitive: an ancestor for a parent. */
  implied: count,
  precision: z.number().nullable(),
  recall: z.number().nullable(),
  f1: z.number().nullable(),
})

export const edgeScoreSchema = z.strictObject({
  /** Edges with a labelled fact at both ends: between two facts, or between two concepts that hold them. */
  edges: count,
  /** Edges of which one such pair is gold. */
  rightEdges: count,
  precisionByEdge: z.number().nullable(),
})

export const identityScoreSchema = z.strictObject({
  relation: z.string(),
  /** One group of duplicates: the plan knew before any field. */
  inOneGroup: count,
  inOneConcept: count,
  /** The field has both facts, and no concept has both. */
  apart: count,
  /** The field lacks one of them, as a fact that its cluster dropped. */
  lost: count,
  /** Share of pairs that are one for the field: by group or by concept. */
  metShare: z.number().nullable(),
})

export const lookAlikeCountSchema = z.strictObject({
  /** Pairs of facts that look alike and share a concept, those left out that the gold calls one thing. */
  pairs: count,
  /** Pairs that the field takes for one thing: both stand for the concept. */
  merged: count,
  by: mergedBySchema,
  /** Concepts with more members than are compared with each other. */
  conceptsCut: count,
})

export const evaluationSchema = z.strictObject({
  gold: z.array(goldCountSchema),
  types: z.array(
    typeScoreSchema.extend({
      ...edgeScoreSchema.shape,
      samples: z.strictObject({
        missed: z.array(shownPairSchema),
        wrong: z.array(shownPairSchema),
      }),
    }),
  ),
  identities: z.array(
    identityScoreSchema.extend({
      samples: z.strictObject({
        apart: z.array(shownPairSchema),
      }),
    }),
  ),
  wrongMerges: z.strictObject({
    counts: z.array(wrongMergeCountSchema),
    samples: z.array(shownMergeSchema),
  }),
  lookAlikes: lookAlikeCountSchema.extend({
    samples: z.array(shownMergeSchema),
  }),
  trees: treeScoreSchema.nullable(),
})

/** Cases that one field has and the other does not. */
const differenceOf = <Case extends z.ZodType>(caseSchema: Case) => {
  const onlyOneSchema = z.strictObject({ count, samples: z.array(caseSchema) })
  return z.strictObject({ here: onlyOneSchema, there: onlyOneSchema })
}

export const comparisonSchema = z.strictObject({
  /** Relations of the gold that were found. */
  found: differenceOf(shownPairSchema),
  /** Pairs of one thing that met in one concept. */
  met: differenceOf(shownPairSchema),
  /** Two things that were taken for one. */
  wronglyMerged: differenceOf(shownMergeSchema),
})

const evaluatedFieldSchema = evaluationSchema.extend({
  fieldTag: z.string(),
  fieldDigest: z.string(),
  isComplete: z.boolean(),
  counts: fieldCountsSchema,
})

const neighbourRecallSchema = z.strictObject({
  neighbourCount: z.int().min(1),
  /** Facts in the index: one of each group of duplicates. */
  facts: count,
  relations: z.array(
    z.strictObject({
      relation: z.string(),
      pairs: z.int().min(1),
      found: count,
      recall: z.number().min(0).max(1),
      /** Of the two facts of a pair asked for each other, the share that finds. */
      directedRecall: z.number().min(0).max(1),
    }),
  ),
})

export const evalOutputs = {
  eval: document(
    z.strictObject({
      fields: z.array(evaluatedFieldSchema),
      /** Only with --against. */
      comparison: comparisonSchema.nullable(),
      /** Only with --neighbours. */
      neighbours: neighbourRecallSchema.nullable(),
    }),
  ),
}
