/** What may be wrong with a part of an answer. */
import * as z from 'zod'
import { failureCodes } from '../failure.ts'

const count = z.int().min(0)

/** A failure as data: what went wrong with one record, with the evidence a person needs to judge it. */
export const failureSchema = z.strictObject({
  code: z.enum(failureCodes),
  message: z.string(),
  evidence: z.unknown().optional(),
})

export const heldShardSchema = z.strictObject({
  shardNo: count,
  heldBy: z.string(),
})

export const unreadableShardSchema = z.strictObject({
  shardNo: count,
  code: z.enum(failureCodes),
  message: z.string(),
})
