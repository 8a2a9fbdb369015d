/**
 * Every setting, once: default, unit, range and reason. `rff-shard init` writes a file from this schema, the command
 * line's flags overrule single settings, and nothing else in the program has a default of its own.
 */
import * as z from 'zod'
import { RELATION_TYPES } from './structure.ts'

const share = (what: string) => z.number().min(0).max(1).describe(what)
const count = (what: string, min: number, max: number) => z.int().min(min).max(max).describe(what)

const planSettings = z.strictObject({
  shards: count('shard files to cut the corpus into; 1 to 8192', 1, 8192).default(16),
  maxLineBytes: count('longest line that is read, in bytes', 1_024, 1_073_741_824).default(1_048_576),
  maxTextChars: count('longest statement, in characters', 1, 1_000_000).default(20_000),
  maxRefusedShare: share('share of refused lines above which the plan stops with exit 3').default(0.01),
})

const expandSettings = z.strictObject({
  mode: z
    .enum(['cover', 'every', 'sample'])
    .describe('cover: each fact in one cluster; every: each fact a seed; sample: some seeds per domain')
    .default('cover'),
  samplePerDomain: count('seeds per domain in mode sample', 1, 10_000_000).default(50),
  scope: z
    .enum(['domain', 'corpus'])
    .describe('where neighbours are looked for: in the domain of a fact or in the whole corpus')
    .default('corpus'),
  maxMembers: count('most facts in a cluster, the seed included', 1, 64).default(12),
  neighbours: count('neighbours kept per fact', 1, 64).default(12),
  scoreFloor: share('least share of its own best possible score that makes a fact a neighbour').default(0.15),
  postingsCap: count('most postings read for one fact; the rarest terms come first', 16, 1_000_000).default(
    2_000,
  ),
  lone: z
    .enum(['rules', 'model'])
    .describe('who structures a cluster of one fact: the built-in rules for nothing, or the model')
    .default('rules'),
})

const samplingSettings = z.strictObject({
  temperature: z.number().min(0).max(2).optional().describe('sent only where it is set'),
  topP: z.number().min(0).max(1).optional().describe('sent only where it is set'),
  seed: z.int().optional().describe('sent only where it is set'),
  reasoningEffort: z.string().optional().describe('sent only where it is set'),
})

const modelSettings = z
  .object({
    primary: z
      .string()
      .min(1)
      .describe('who answers first: a provider reference, see docs/cli.md')
      .default('rules'),
    repair: z.string().min(1).optional().describe('who gets the one repair call; the primary one if not set'),
    expensive: z.string().min(1).optional().describe('who gets the last sweep; nobody if not set'),
  })
  .catchall(z.string().min(1).describe('a tier of your own: lanes, --model and embeddings.model may name it'))

export const providerSettings = z.strictObject({
  baseUrl: z.url().optional().describe('the /v1 address of an OpenAI-compatible server'),
  keyVariable: z.string().optional().describe('environment variable that holds the key; no key if not set'),
  structuredOutput: z
    .enum(['strict', 'json', 'none'])
    .optional()
    .describe('what the server can hold an answer to: a strict schema, JSON, or nothing'),
  answerLimitParameter: z.enum(['max_completion_tokens', 'max_tokens']).optional(),
  rejectedParameters: z.array(z.string()).optional().describe('parameters that must not be sent'),
  command: z.array(z.string()).min(1).optional().describe('a program that reads the prompt on stdin'),
  windowExhaustedPattern: z.string().optional().describe('regular expression for exit 5'),
  notLoggedInPattern: z.string().optional().describe('regular expression for exit 6'),
})
export type ProviderSettings = z.infer<typeof providerSettings>

const limitSettings = z.strictObject({
  requestsPerMinute: z.int().min(1).optional().describe('requests a minute, where the server does not tell'),
  tokensPerMinute: z.int().min(1).optional().describe('tokens a minute, where the server does not tell'),
})

const usd = (what: string) =>
  z.number().min(0).max(1_000_000).describe(`${what}, in dollars per million tokens`)

export const priceSettings = z.strictObject({
  inputUsdPerMillion: usd('prompt tokens'),
  cachedInputUsdPerMillion: usd('prompt tokens from the cache; as others if not set').optional(),
  cacheWriteUsdPerMillion: usd('prompt tokens put into the cache; as others if not set').optional(),
  outputUsdPerMillion: usd('answer tokens'),
  batchPercent: z.int().min(1).max(100).optional().describe('what a batch costs of all this; 100 if not set'),
  flexPercent: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('what the tier `flex` costs of all this; 100 if not set'),
  priorityPercent: z
    .int()
    .min(100)
    .max(1_000)
    .optional()
    .describe(
      'what the tier `priority` costs of all this, and what is reserved; 250 if not set, and then not reserved',
    ),
  asOf: z.string().optional().describe('when you looked, for spend prices'),
  source: z.string().optional().describe('where you looked, for spend prices'),
})
export type PriceSettings = z.infer<typeof priceSettings>

const structureSettings = z.strictObject({
  relationTypes: z
    .array(z.string().regex(/^[a-z][a-z_]*$/))
    .min(1)
    .describe('types that a relation may have')
    .default([...RELATION_TYPES]),
  promptFile: z.string().optional().describe('a prompt of your own instead of the built-in one'),
  keepDomainsApart: z.boolean().describe('one name in two domains is two concepts').default(false),
  expensiveMaxShare: share("most of a run's clusters that may get the expensive lane").default(0.02),
})

const runSettings = z.strictObject({
  threads: count('worker threads; 0 means one per core', 0, 256).default(0),
  inFlight: count('most requests in flight per thread', 1, 4_096).default(64),
  deadlineMs: count('longest time for one request, in milliseconds', 100, 3_600_000).default(120_000),
  answerLimitTokens: count('most tokens of a first or repaired answer', 64, 1_000_000).default(4_096),
  expensiveAnswerLimitTokens: count('most tokens of an answer in the expensive lane', 64, 1_000_000).default(
    16_384,
  ),
  transportTries: count('tries of one request before its cluster is given up', 1, 100).default(6),
  backoffMs: count('first wait after a transport failure; it doubles each time', 1, 60_000).default(500),
  systemicStreak: count('clusters in a row that fail in transport before the run pauses', 1, 10_000).default(
    25,
  ),
  circuitFailures: count(
    'failures of a server in a row after which it is left alone for a while',
    2,
    100_000,
  ).default(20),
  circuitOpenMs: count(
    'how long it is left alone before one request probes it, in milliseconds',
    10,
    3_600_000,
  ).default(30_000),
  leaseMs: count(
    'a holder whose heartbeat stands still for so long loses its shard, in milliseconds',
    3_000,
    86_400_000,
  ).default(60_000),
})

const windowSettings = z.strictObject({
  tokens: z
    .int()
    .min(1)
    .optional()
    .describe('tokens that the provider gives per window; no window if not set; batches do not count'),
  hours: z.number().min(0.001).max(8_784).describe('how long a window is').default(5),
  reset: z
    .string()
    .regex(/^(\d{4}-\d{2}-\d{2}T)?([01]\d|2[0-3]):[0-5]\d(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/)
    .describe(
      'when a window begins; the others lie whole windows before and after it, so a day may be needed too',
    )
    .default('00:00Z'),
  share: share('share of the tokens that runs may use').default(1),
})

const batchSettings = z.strictObject({
  maxLines: count('most requests in one batch', 1, 50_000).default(50_000),
  maxBytes: count('most bytes in the file of one batch', 100_000, 200_000_000).default(200_000_000),
  pollMs: count('shortest wait between two looks at a batch, in milliseconds', 10, 3_600_000).default(10_000),
  pollMaxMs: count('longest wait between two looks at a batch, in milliseconds', 10, 86_400_000).default(
    300_000,
  ),
})

const linkSettings = z.strictObject({
  thresholds: z
    .record(z.string(), share('least score of a kept link'))
    .describe('least score per relation type; `default` for the others')
    .default({ default: 0.5 }),
})

const embeddingSettings = z.strictObject({
  model: z
    .string()
    .min(1)
    .optional()
    .describe('who makes vectors of texts for search: a provider reference; search is by words if not set'),
  dimensions: z
    .int()
    .min(8)
    .max(8_192)
    .optional()
    .describe('length of a vector; as the model has it if not set'),
  batchTexts: count('most texts in one request', 1, 2_048).default(256),
  // Three bytes each, and so tokens at most: within what a price holds for (MOST_PRICED_PROMPT_TOKENS).
  maxTextChars: count('a longer text is cut here, in characters', 100, 60_000).default(2_000),
  textPrefix: z.string().max(1_000).describe('stands before each text; some models want one').default(''),
  queryPrefix: z.string().max(1_000).describe('stands before what is searched for').default(''),
  queriesMaxUsd: z
    .number()
    .min(0)
    .max(1_000_000)
    .describe('most dollars for the vectors of search queries, over the life of the workspace')
    .default(1),
  queryDeadlineMs: count(
    'how long a search waits for the vector of its query before it goes by words, in milliseconds',
    100,
    600_000,
  ).default(5_000),
})
export type EmbeddingSettings = z.infer<typeof embeddingSettings>

const loopSettings = z.strictObject({
  seedsPerIteration: z
    .array(z.int().min(1).max(100_000_000))
    .min(1)
    .describe('seeds of the first, second, ... iteration; the last number holds for all that follow')
    .default([1_000]),
  backoffMs: count(
    'first wait after a failed iteration, in milliseconds; it doubles each time',
    0,
    86_400_000,
  ).default(30_000),
  backoffMaxMs: count('longest of those waits, in milliseconds', 0, 86_400_000).default(3_600_000),
  strikes: count('times in a row that the same failure may come before the loop pauses', 1, 1_000).default(3),
})

const archiveSettings = z.strictObject({
  keep: count('newest runs and fields that stay beside what is published', 1, 10_000).default(5),
})

const alertSettings = z.strictObject({
  command: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('a program, with its arguments, that gets the alert as JSON on stdin; no shell'),
  webhook: z.url().optional().describe('an address that gets the alert as a JSON POST'),
})

export const gateSeverities = ['info', 'warn', 'block'] as const
const gateSettings = z.strictObject({
  severity: z.enum(gateSeverities).optional(),
  limit: z.number().optional(),
})

const logSettings = z.strictObject({
  level: z.enum(['debug', 'info', 'warn', 'error']).describe('least weighty line of run.log').default('info'),
})

export const configSchema = z.strictObject({
  plan: planSettings.prefault({}),
  expand: expandSettings.prefault({}),
  models: modelSettings.prefault({}),
  sampling: samplingSettings.prefault({}),
  providers: z.record(z.string(), providerSettings).default({}),
  limits: z
    .record(z.string(), limitSettings)
    .describe('limits per provider reference; what the server says in its headers comes first')
    .default({}),
  prices: z
    .record(z.string(), priceSettings)
    .describe('prices per provider reference; they come before the built-in table of spend prices')
    .default({}),
  structure: structureSettings.prefault({}),
  run: runSettings.prefault({}),
  batch: batchSettings.prefault({}),
  window: windowSettings.prefault({}),
  log: logSettings.prefault({}),
  link: linkSettings.prefault({}),
  embeddings: embeddingSettings.prefault({}),
  gates: z.record(z.string(), gateSettings).describe('severity and limit of single gates').default({}),
  loop: loopSettings.prefault({}),
  archive: archiveSettings.prefault({}),
  alert: alertSettings.prefault({}),
})

export type Config = z.infer<typeof configSchema>
