/** What the page is told of the quarantine, and what it may ask to be changed there. */
import * as z from 'zod'
import { findingSchema } from '../output/cluster-record.ts'
import { changedCasesSchema as changedSchema } from '../output/quarantine.ts'
import { QUARANTINE_STATES } from '../states.ts'

const count = z.int().min(0)

export const caseGroupsSchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      signature: z.string(),
      codes: z.array(z.string()),
      states: z.array(z.strictObject({ state: z.enum(QUARANTINE_STATES), cases: count })),
      cases: count,
    }),
  ),
  unreadable: z.array(count),
})
export type CaseGroups = z.infer<typeof caseGroupsSchema>

export const caseRowSchema = z.strictObject({
  shardNo: count,
  clusterId: z.string(),
  key: z.string(),
  domain: z.string(),
  state: z.enum(QUARANTINE_STATES),
  codes: z.array(z.string()),
  seedText: z.string(),
})
export const caseListSchema = z.strictObject({
  cases: z.array(caseRowSchema),
  after: z.string().nullable(),
})
export type CaseList = z.infer<typeof caseListSchema>

export const caseSchema = z.strictObject({
  shardNo: count,
  clusterId: z.string(),
  domain: z.string(),
  state: z.enum(QUARANTINE_STATES),
  note: z.string(),
  signature: z.string(),
  codes: z.array(z.strictObject({ code: z.string(), hint: z.string() })),
  findings: z.array(findingSchema),
  facts: z.array(
    z.strictObject({
      i: count,
      standing: z.string(),
      factId: z.string(),
      text: z.string(),
      domain: z.string(),
    }),
  ),
  /** Word for word; null where no answer ever came. */
  answer: z.string().nullable(),
  /** What a correction may begin with: valid JSON. */
  draft: z.string(),
  attempts: z.array(
    z.strictObject({
      attemptId: count,
      lane: z.string(),
      model: z.string(),
      state: z.string(),
      failureCode: z.string().nullable(),
      errorCodes: z.array(z.string()),
      answerTokens: count,
      microUsd: count,
      latencyMs: count.nullable(),
    }),
  ),
})
export type QuarantineCase = z.infer<typeof caseSchema>

export const retryRequestSchema = z.strictObject({
  clusterIds: z.array(z.string()).max(10_000),
  /** All cases of this group that nobody has decided on, where no cluster is named. */
  signature: z.string().nullable(),
})
export const acceptRequestSchema = z.strictObject({
  clusterIds: z.array(z.string()).min(1).max(10_000),
  note: z.string(),
})
export const correctRequestSchema = z.strictObject({ text: z.string(), note: z.string() })

export const changedCasesSchema = changedSchema.pick({ clusterIds: true, held: true })
export type ChangedCases = z.infer<typeof changedCasesSchema>

/** What is wrong with a correction as it is now; empty where it would be taken. */
export const checkedSchema = z.strictObject({ findings: z.array(findingSchema) })
export type Checked = z.infer<typeof checkedSchema>
