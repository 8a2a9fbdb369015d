/**
 * What the page is told: the answers of its API, view by view.
 *
 * Plain numbers and texts as they stand in the files; how they are written for a person is the page's affair.
 */
import { z } from 'zod'
import { gateVerdictSchema } from './gate.ts'
import { healthSchema } from './health.ts'
import { LANES, QUARANTINE_STATES } from './states.ts'

const count = z.int().min(0)
const troubleSchema = z.strictObject({ code: z.string(), message: z.string() })

export const apiErrorSchema = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }),
})

// Overview, runs and shards.

export const shardTileSchema = z.strictObject({
  shardNo: count,
  /** null where the file cannot be read. */
  census: z
    .strictObject({
      seeds: count,
      todo: count,
      sweep: count,
      ok: count,
      quarantined: count,
      inFlight: count,
      microUsd: count,
    })
    .nullable(),
  /** Clusters decided a second, over the last minute that somebody looked; null where nothing moved. */
  clustersPerSecond: z.number().nullable(),
  holder: z.string().nullable(),
  isHolderAlive: z.boolean(),
  trouble: troubleSchema.nullable(),
})
export type ShardTile = z.infer<typeof shardTileSchema>

export const runRowSchema = z.strictObject({
  runId: count,
  runTag: z.string(),
  state: z.enum(['open', 'closed']),
  model: z.string(),
  createdAtMs: z.int(),
  closedAtMs: z.int().nullable(),
  capMicroUsd: count.nullable(),
  capTokens: count.nullable(),
  capCalls: count.nullable(),
})
export type RunLine = z.infer<typeof runRowSchema>

const alertSchema = z.strictObject({
  level: z.enum(['trouble', 'look']),
  /** One sentence: what is so. */
  title: z.string(),
  /** What to do about it. */
  hint: z.string(),
  /** Part of the page that shows more. */
  view: z.string().nullable(),
})
export type PageAlert = z.infer<typeof alertSchema>

export const overviewSchema = z.strictObject({
  workspace: z.string(),
  version: z.string(),
  atMs: z.int(),
  plan: z.strictObject({ planNo: count, state: z.string() }).nullable(),
  run: runRowSchema
    .extend({
      /** As its manifest says: running, stopped or closed; null where none was written yet. */
      told: z.string().nullable(),
      stop: troubleSchema.nullable(),
      isWorkedOn: z.boolean(),
      spentMicroUsd: count,
      spentTokens: count,
      spentCalls: count,
    })
    .nullable(),
  totals: z.strictObject({
    seeds: count,
    todo: count,
    sweep: count,
    ok: count,
    quarantined: count,
    inFlight: count,
    microUsd: count,
    /** Seeds that are in no state: anything but 0 is a fault. */
    difference: z.int(),
  }),
  clustersPerSecond: z.number().nullable(),
  etaSeconds: z.number().nullable(),
  /** Oldest first: what was done and spent while somebody looked, for a curve. */
  history: z.array(z.strictObject({ atMs: z.int(), done: count, microUsd: count })),
  shards: z.array(shardTileSchema),
  field: z
    .strictObject({
      fieldTag: z.string(),
      fieldDigest: z.string(),
      isComplete: z.boolean(),
      concepts: count,
      members: count,
      edges: count,
    })
    .nullable(),
  gates: z.array(gateVerdictSchema),
  loop: z.strictObject({
    state: z.string(),
    reason: z.string().nullable(),
    strikes: count,
    iteration: z.strictObject({ iterationNo: count, state: z.string(), step: z.string() }).nullable(),
  }),
  otherLeases: z.array(z.strictObject({ scope: z.string(), holder: z.string() })),
  alerts: z.array(alertSchema),
})
export type Overview = z.infer<typeof overviewSchema>

export const runsSchema = z.strictObject({
  /** Newest first. */
  runs: z.array(runRowSchema),
  /** Where the next page goes on; null at the end. */
  before: count.nullable(),
})
export type Runs = z.infer<typeof runsSchema>

// Spend and errors.

const spendLine = z.strictObject({
  model: z.string(),
  lane: z.enum(LANES),
  attempts: count,
  reused: count,
  promptTokens: count,
  cachedTokens: count,
  answerTokens: count,
  microUsd: count,
  /** Of `microUsd`: booked at worst case, because nobody knows whether it was billed. */
  unsettledMicroUsd: count,
})

export const spendPageSchema = z.strictObject({
  lines: z.array(spendLine),
  /** Ascending; days in UTC that nothing was sent on are left out. */
  days: z.array(z.strictObject({ day: z.string(), model: z.string(), attempts: count, microUsd: count })),
  microUsd: count,
  unsettledMicroUsd: count,
  perThousandOkMicroUsd: count.nullable(),
  salvage: z.strictObject({
    clusters: count,
    savedMicroUsd: count.nullable(),
    savedTokens: count.nullable(),
  }),
  laneYields: z.array(
    z.strictObject({
      lane: z.enum(LANES),
      calls: count,
      clusters: count,
      clustersOk: count,
      tokens: count,
      microUsd: count,
    }),
  ),
  unreadable: z.array(count),
})
export type SpendPage = z.infer<typeof spendPageSchema>

export const errorsSchema = z.strictObject({
  codes: z.array(
    z.strictObject({
      code: z.string(),
      kind: z.string(),
      hint: z.string(),
      attempts: count,
      clusters: count,
      salvaged: count,
      microUsd: count,
      byLane: z.array(z.strictObject({ lane: z.enum(LANES), attempts: count })),
    }),
  ),
  unreadable: z.array(count),
})
export type Errors = z.infer<typeof errorsSchema>

// Quarantine.

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

const findingSchema = z.strictObject({
  code: z.string(),
  at: z.string(),
  message: z.string(),
  relType: z.string().optional(),
})

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

export const changedCasesSchema = z.strictObject({
  clusterIds: z.array(z.string()),
  /** Shards that were left alone, since somebody works on them. */
  held: z.array(z.strictObject({ shardNo: count, heldBy: z.string(), cases: count })),
})
export type ChangedCases = z.infer<typeof changedCasesSchema>

/** What is wrong with a correction as it is now; empty where it would be taken. */
export const checkedSchema = z.strictObject({ findings: z.array(findingSchema) })
export type Checked = z.infer<typeof checkedSchema>

// The field.

const factSchema = z.strictObject({
  factId: z.string(),
  text: z.string().nullable(),
  source: z.string().nullable(),
  domain: z.string().nullable(),
})
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

const memberSchema = factSchema.extend({ role: z.string(), supportCount: count, duplicateCount: count })
export const memberPageSchema = z.strictObject({
  members: z.array(memberSchema),
  after: z.string().nullable(),
})
export type MemberPage = z.infer<typeof memberPageSchema>

export const edgePageSchema = z.strictObject({ edges: z.array(seenEdgeSchema), after: z.string().nullable() })
export type EdgePage = z.infer<typeof edgePageSchema>

export const conceptPageSchema = z.strictObject({
  fieldTag: z.string(),
  conceptId: z.string(),
  name: z.string(),
  gloss: z.string(),
  domain: z.string(),
  supportCount: count,
  memberCount: count,
  edgeCount: count,
  aliases: z.array(z.strictObject({ alias: z.string(), origin: z.string(), supportCount: count })),
  glosses: z.array(z.strictObject({ gloss: z.string(), clusters: count })),
  vetoes: z.array(z.strictObject({ otherConceptId: z.string(), reason: z.string(), via: z.string() })),
  members: memberPageSchema,
  outgoing: edgePageSchema,
  incoming: edgePageSchema,
})
export type ConceptPage = z.infer<typeof conceptPageSchema>

export const evidencePageSchema = z.strictObject({
  evidence: z.array(factSchema.extend({ clusterId: z.string(), evidence: z.string() })),
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

export const factPageSchema = factSchema.extend({
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

// Health and estimate.

export const fieldListSchema = z.strictObject({
  current: z.string().nullable(),
  /** Newest first. */
  fields: z.array(
    z.strictObject({ fieldTag: z.string(), baseTag: z.string().nullable(), state: z.string() }),
  ),
})
export type FieldList = z.infer<typeof fieldListSchema>

export const healthPageSchema = z.strictObject({
  health: healthSchema,
  /** Of the field that it grew from; null for a first one, or where that is gone. */
  before: healthSchema.nullable(),
})
export type HealthPage = z.infer<typeof healthPageSchema>

const rangeSchema = z.strictObject({ low: z.number(), mean: z.number(), high: z.number() })
export const estimatePageSchema = z.strictObject({
  todo: count,
  byRules: count,
  calls: z.number(),
  tokens: rangeSchema,
  microUsd: rangeSchema.nullable(),
  batchMicroUsd: z.number().nullable(),
  hours: z.number().nullable(),
  promptsCounted: count,
  isCountExact: z.boolean(),
  lanes: z.array(
    z.strictObject({
      lane: z.string(),
      reference: z.string(),
      calls: z.number(),
      promptTokens: z.number(),
      answerTokens: rangeSchema,
      microUsd: rangeSchema.nullable(),
      basis: z.enum(['history', 'limit']),
    }),
  ),
})
export type EstimatePage = z.infer<typeof estimatePageSchema>
