/** What the verbs of quarantine print. */
import * as z from 'zod'
import { failureCodes } from '../failure.ts'
import { QUARANTINE_STATES } from '../states.ts'
import { structureSchema } from '../structure.ts'
import { caseRecordSchema, clusterMemberSchema, clusterRecordSchema } from './cluster-record.ts'
import { document, lines } from './output.ts'
import { unreadableShardSchema } from './trouble.ts'

const count = z.int().min(0)

export const listedCaseSchema = z.strictObject({
  shardNo: count,
  clusterId: z.string(),
  seedFactId: z.string(),
  domain: z.string(),
  state: z.enum(QUARANTINE_STATES),
  codes: z.array(z.enum(failureCodes)),
  signature: z.string(),
  note: z.string(),
  /** Who was asked last, as provider/model; null where nobody was. */
  model: z.string().nullable(),
})

export const caseListSchema = z.strictObject({
  cases: z.array(listedCaseSchema),
  unreadable: z.array(unreadableShardSchema),
})

export const shownCaseSchema = z.strictObject({
  shardNo: count,
  cluster: clusterRecordSchema,
  quarantine: caseRecordSchema,
  /** Word for word; null where no answer ever came. */
  answer: z.string().nullable(),
})

export const changedCasesSchema = z.strictObject({
  /** Those that were changed, in hash order. */
  clusterIds: z.array(z.string()),
  /** Those that were left as they are: to do again, or decided in a way that this does not undo. In hash order. */
  left: z.array(z.string()),
  /** Shards with matching cases that were skipped, and who holds them. */
  held: z.array(
    z.strictObject({
      shardNo: count,
      heldBy: z.string(),
      cases: count,
    }),
  ),
  unreadable: z.array(unreadableShardSchema),
})

/** Only what worked: a structure that is not valid ends with correction_invalid. */
const correctedSchema = z.strictObject({
  ok: z.literal(true),
  clusterId: z.string(),
  shardNo: count,
  conceptName: z.string(),
})

const exportedCaseSchema = caseRecordSchema.omit({ attemptId: true }).extend({
  clusterId: z.string(),
  shardNo: count,
  seedFactId: z.string(),
  domain: z.string(),
  model: z.string().nullable(),
  facts: z.array(clusterMemberSchema),
  answer: z.string().nullable(),
  /** Attempts, of all lanes. */
  asked: count,
})

export const quarantineOutputs = {
  'quarantine ls': document(caseListSchema),
  'quarantine show': document(z.strictObject({ cases: z.array(shownCaseSchema) })),
  'quarantine retry': document(changedCasesSchema),
  'quarantine accept': document(changedCasesSchema),
  'quarantine review': document(changedCasesSchema),
  'quarantine correct': document(correctedSchema),
  'quarantine correct --draft': document(structureSchema),
  'quarantine export': lines(exportedCaseSchema),
}
