/** What inspect prints; `kind` says of what. */
import * as z from 'zod'
import { failureCodes } from '../failure.ts'
import { knownFactSchema } from '../known-fact.ts'
import { COVERAGE_ROLES, LANES, RUN_STATES, STANDINGS } from '../states.ts'
import { MEMBER_ROLES } from '../structure.ts'
import { attemptRecordSchema, clusterRecordSchema } from './cluster-record.ts'
import { document } from './output.ts'
import { runSpendSchema } from './spend.ts'
import { shardCensusSchema } from './status.ts'
import { unreadableShardSchema } from './trouble.ts'

const count = z.int().min(0)

const groupFactSchema = z.strictObject({
  factId: z.string(),
  text: z.string(),
  state: z.enum(['removed', 'live']),
  role: z.enum(COVERAGE_ROLES).nullable(),
})

const factClusterSchema = z.strictObject({
  shardNo: count.nullable(),
  /** todo, sweep, ok or quarantined; what is wrong with the shard where it cannot be read. */
  standsAt: z.string(),
  i: count,
  clusterId: z.string(),
  standing: z.enum(STANDINGS),
  seedFactId: z.string(),
})

const membershipRowSchema = z.strictObject({
  conceptId: z.string(),
  name: z.string(),
  role: z.string(),
  supportCount: count,
})

const supportedEdgeRowSchema = z.strictObject({
  edgeId: z.string(),
  srcName: z.string(),
  relType: z.string(),
  dstName: z.string(),
  evidence: z.string(),
  clusterId: z.string(),
})

const factRelationRowSchema = z.strictObject({
  srcFactId: z.string(),
  dstFactId: z.string(),
  relType: z.string(),
  supportCount: count,
})

export const factDossierSchema = z.strictObject({
  kind: z.literal('fact'),
  /** Facts that say the same. */
  group: z.array(groupFactSchema),
  clusters: z.array(factClusterSchema),
  fieldTag: z.string().nullable(),
  concepts: z.array(membershipRowSchema),
  supports: z.array(supportedEdgeRowSchema),
  relations: z.array(factRelationRowSchema),
  factId: z.string(),
  dupGroupId: z.string(),
  domain: z.string(),
  text: z.string(),
  source: z.string(),
  state: z.enum(['removed', 'live']),
  /** Decimal: a 64-bit integer does not fit a JSON number. */
  key: z.string(),
  /** The input that it was read from last. */
  input: z.string(),
  byteOffset: count,
  lineNumber: count,
  /** null where no plan has covered it. */
  role: z.enum(COVERAGE_ROLES).nullable(),
  /** Of a seed or member. */
  clusterId: z.string().nullable(),
  /** Of a duplicate: the fact that speaks for it. */
  representativeFactId: z.string().nullable(),
})

export const clusterDossierSchema = z.strictObject({
  kind: z.literal('cluster'),
  clusterId: z.string(),
  /** The concepts of the published field that it supports. */
  concepts: z.array(
    z.strictObject({
      conceptId: z.string(),
      name: z.string(),
    }),
  ),
  shardNo: count,
  /** null where the plan took it back. */
  record: clusterRecordSchema.nullable(),
  retiredReason: z.string().nullable(),
  /** Those of a retired cluster too: they were paid for. */
  attempts: z.array(attemptRecordSchema),
})

const aliasRowSchema = z.strictObject({
  alias: z.string(),
  normalisedAlias: z.string(),
  origin: z.enum(['name', 'alias', 'merged']),
  supportCount: count,
})

export const memberWithDuplicatesSchema = knownFactSchema.extend({
  /** Other facts that say the same. */
  duplicates: z.array(knownFactSchema),
  dupGroupId: z.string(),
  role: z.enum(MEMBER_ROLES),
  supportCount: count,
  duplicateCount: count,
})

const evidenceRowSchema = knownFactSchema.extend({
  /** The cluster that brought the fact. */
  clusterId: z.string(),
  evidence: z.string(),
})

export const edgeWithEvidenceSchema = z.strictObject({
  evidence: z.array(evidenceRowSchema),
  edgeId: z.string(),
  relType: z.string(),
  srcConceptId: z.string(),
  srcName: z.string(),
  dstConceptId: z.string(),
  dstName: z.string(),
  scoreMillionths: count,
  supportCount: count,
})

export const glossCandidateSchema = z.strictObject({
  gloss: z.string(),
  clusterIds: z.array(z.string()),
})

/** One cluster's word on a concept. */
const originRowSchema = z.strictObject({
  clusterId: z.string(),
  rawConceptId: z.string(),
  name: z.string(),
  gloss: z.string(),
  /** Why PassM' counts it to the concept, and by which name. */
  reason: z.enum(['alias', 'near', 'self']),
  via: z.string(),
})

/** A merge of two names that PassM' refused. */
const vetoRowSchema = z.strictObject({
  otherConceptId: z.string(),
  reason: z.string(),
  via: z.string(),
})

/** How an edge was scored. */
const scoreRowSchema = z.strictObject({
  srcConceptId: z.string(),
  dstConceptId: z.string(),
  scoreMillionths: count,
  parts: z.unknown(),
  flags: z.array(z.string()),
})

export const conceptDossierSchema = z.strictObject({
  aliases: z.array(aliasRowSchema),
  members: z.array(memberWithDuplicatesSchema),
  outgoing: z.array(edgeWithEvidenceSchema),
  incoming: z.array(edgeWithEvidenceSchema),
  /** Most clusters first, then by text; the first is the concept's own unless a tie was broken by id. */
  glosses: z.array(glossCandidateSchema),
  /** What each cluster that supports it called it. */
  origins: z.array(originRowSchema),
  vetoes: z.array(vetoRowSchema),
  conceptId: z.string(),
  name: z.string(),
  gloss: z.string(),
  domain: z.string(),
  canonicalFactId: z.string(),
  supportCount: count,
  memberCount: count,
  edgeCount: count,
})

export const edgeDossierSchema = edgeWithEvidenceSchema.extend({ scores: z.array(scoreRowSchema) })

const runOutcomesSchema = z.strictObject({
  ok: count,
  quarantined: count,
})

const codeCountSchema = z.strictObject({
  code: z.enum(failureCodes),
  cases: count,
})

export const runDossierSchema = z.strictObject({
  kind: z.literal('run'),
  settings: z.unknown(),
  /** Clusters that it decided, over all shards. */
  outcomes: runOutcomesSchema,
  codes: z.array(codeCountSchema),
  spend: z.array(runSpendSchema),
  /** In its folder, for people; ascending. */
  files: z.array(z.string()),
  unreadable: z.array(unreadableShardSchema),
  task: z.string(),
  state: z.enum(RUN_STATES),
  planNo: count,
  runId: count,
  runTag: z.string(),
})

const errorCountSchema = z.strictObject({
  code: z.string(),
  lane: z.enum(LANES),
  attempts: count,
  clusters: count,
})

export const shardDossierSchema = z.strictObject({
  kind: z.literal('shard'),
  shardNo: count,
  path: z.string(),
  bytes: count.nullable(),
  /** Decimal. Both belong to it. */
  keyFirst: z.string(),
  keyLast: z.string(),
  lineage: z.string(),
  holder: z.string().nullable(),
  /** null where the file cannot be read; `trouble` says why. */
  census: shardCensusSchema.nullable(),
  epoch: count.nullable(),
  planNo: count.nullable(),
  errors: z.array(errorCountSchema),
  trouble: z.string().nullable(),
})

export const inspectionSchema = z.discriminatedUnion('kind', [
  factDossierSchema,
  clusterDossierSchema,
  z.strictObject({
    kind: z.literal('attempt'),
    shardNo: count,
    attempt: attemptRecordSchema,
  }),
  conceptDossierSchema.extend({ kind: z.literal('concept'), fieldTag: z.string() }),
  edgeDossierSchema.extend({ kind: z.literal('edge'), fieldTag: z.string() }),
  runDossierSchema,
  shardDossierSchema,
])

export const inspectOutputs = {
  inspect: document(inspectionSchema),
}
