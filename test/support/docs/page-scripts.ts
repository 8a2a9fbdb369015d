/**
 * How the command lines of each page are run, and which are not, each with its reason.
 *
 * A line that no rule names is run as it stands and ends with 0.
 */

export interface LineRule {
  /** Why nobody runs it here; nothing else is said then. */
  readonly notRun?: string
  /** A line that makes what this one takes for granted. */
  readonly after?: string
  readonly env?: Readonly<Record<string, string>>
  /** Added at its end, such as a port that is surely free. */
  readonly with?: string
  /** What it ends with, if not 0. */
  readonly exit?: number
  readonly says?: RegExp
  /** It goes on until somebody ends it, and has said `says` by then. */
  readonly stays?: true
  /** It leaves a process behind, whose number this finds in what it said; the next line waits for its end. */
  readonly leaves?: RegExp
}

export interface PageScript {
  /** Whether `rff` is there when the page begins, with two fields and a quarantine; else the page makes its own. */
  readonly begins: 'with a workspace' | 'with facts'
  readonly env?: Readonly<Record<string, string>>
  readonly lines?: Readonly<Record<string, LineRule>>
}

const listed = (notRun: string, ...lines: readonly string[]): Record<string, LineRule> =>
  Object.fromEntries(lines.map((line) => [line, { notRun }]))

const SETUP = 'installs the dependencies and builds, which is done before any test runs'
const ALL_TESTS = 'this test is a part of it'
const CI = '.ci/run calls it, and so cannot be called by what it calls'
const BENCHES = 'the figures take hours; .ci/run calls all trials with --small'
const KILLS = 'takes minutes; test/whole-run/torture.test.ts runs the same with few kills'
const PACKS = 'compiles for minutes; test/docs/package.test.ts does it with RFF_TEST_FULL=1'
const DEMO = 'test/docs/audits.test.ts runs the demo and compares what is in it'
const OTHER_MACHINE = 'needs another machine'
const CONTAINER = 'needs a container engine, which was not there, as the page says'

const A_LINK: LineRule = { stays: true, with: '--port 0', says: /http:\/\/\S+:\d+\/#/ }
const NOBODY_RUNS: LineRule = { exit: 2, says: /run_not_going/ }
const BATCHES_PENDING: LineRule = { exit: 5, says: /batches_pending/ }
/** For pages that publish what a made-up model said, of which any share may be wrong. */
const GATES_WARN = { RFF_GATES__OK_RATE__SEVERITY: 'warn', RFF_GATES__KEEP_RATE__SEVERITY: 'warn' }
const OK_RATE_BLOCKS = { env: { RFF_GATES__OK_RATE__SEVERITY: 'block' } }
const IN_ANOTHER: LineRule = { with: '--workspace another' }
const OF_A_MODEL: LineRule = { with: '--model openai/gpt-5-mini' } // the settings would name one
const WITH_VECTORS: LineRule = { env: { RFF_EMBEDDINGS__MODEL: 'openai/text-embedding-3-small' } }
const DETACHED: LineRule = { leaves: /process (\d+)/ }
const correctedFromDraft: LineRule = {
  after:
    'rff-shard quarantine correct clu_0f3a --draft | mend-draft "$(rff-shard --json quarantine show clu_0f3a)" > mended.json',
}

export const PAGE_SCRIPTS: Readonly<Record<string, PageScript>> = {
  'README.md': {
    begins: 'with facts',
    lines: {
      ...listed(SETUP, 'npm run demo'),
      ...listed(ALL_TESTS, 'npm test'),
      'npx rff-shard serve': A_LINK,
    },
  },
  'docs/auditing.md': { begins: 'with a workspace' },
  'docs/benchmarks.md': {
    begins: 'with facts',
    lines: listed(
      BENCHES,
      'npm run bench',
      'npm run bench -- plan merge',
      'npm run bench -- --small',
      'npm run bench -- --rounds 5',
      'npm run bench -- --corpora DIR',
      'npm run bench -- --most-facts 11600000',
      'npm run bench -- --scratch DIR',
    ),
  },
  'docs/cli.md': {
    begins: 'with a workspace',
    env: GATES_WARN,
    lines: {
      ...listed(DEMO, 'rff-shard demo', 'rff-shard demo --workspace my-demo'),
      'rff-shard run --model ollama/llama3.2 --detach': DETACHED,
      'rff-shard plan facts.parquet --sample 20 --shards 4': IN_ANOTHER, // shards are for a new workspace
      'rff-shard estimate --ask --max-usd 0.50': OF_A_MODEL,
      'rff-shard estimate --ask --sample 100 --max-usd 2 --json': OF_A_MODEL,
      'rff-shard embed --dry-run': WITH_VECTORS,
      'rff-shard embed --max-usd 2': WITH_VECTORS,
      'rff-shard embed --facts --max-usd 5': WITH_VECTORS,
      'rff-shard merge': { exit: 3, says: /gate_failed: ok_rate/, ...OK_RATE_BLOCKS }, // a quarantine is there
      'rff-shard merge --override-gate ok_rate': OK_RATE_BLOCKS,
      'rff-shard ctl set --max-usd 12.50': { exit: 2, says: /no run is open/ },
      'rff-shard ctl pause': NOBODY_RUNS,
      'rff-shard ctl resume': NOBODY_RUNS,
      'rff-shard ctl set --in-flight 8': NOBODY_RUNS,
      'rff-shard ctl pause --pid 4711': NOBODY_RUNS,
      'rff-shard status --watch': { stays: true, says: /clusters/ },
      'rff-shard export --out my-field': { after: 'mv my-field settings' },
      'rff-shard -w my-field doctor --json': { after: 'rm -r my-field && mv settings my-field' },
      'rff-shard archive restore field-20260102_030405': { after: 'rff-shard archive create --keep 1' },
      'rff-shard serve': A_LINK,
      'rff-shard serve --port 8080': A_LINK,
      'rff-shard serve --host 0.0.0.0 --expose': A_LINK,
      'rff-shard serve --new-token': A_LINK,
      'rff-shard quarantine correct clu_0f3a --file mended.json --note "read the source"': correctedFromDraft,
    },
  },
  'docs/development.md': {
    begins: 'with facts',
    lines: {
      ...listed(SETUP, 'npm run setup'),
      ...listed(ALL_TESTS, 'npm test', 'npm run test:only'),
      ...listed(CI, 'npm run types', 'npm run lint', 'npm run imports', 'bash .ci/run'),
      ...listed(KILLS, 'npm run torture'),
      ...listed(BENCHES, 'npm run bench'),
    },
  },
  'docs/evaluation.md': { begins: 'with a workspace' },
  'docs/first-field.md': {
    begins: 'with facts',
    lines: {
      ...listed(PACKS, 'npm pack', 'npm i rff-shard-0.1.0.tgz'),
      'rff-shard -w by-model run --new --model openai/gpt-5-mini --max-usd 20 --detach': DETACHED,
      'rff-shard -w by-model status --watch': { stays: true, says: /clusters/ },
    },
  },
  'docs/full-quarantine.md': {
    begins: 'with a workspace',
    lines: {
      'rff-shard quarantine correct clu_0f3a --file mended.json --note "read the source"': correctedFromDraft,
    },
  },
  'docs/running-for-weeks.md': {
    begins: 'with facts',
    env: { RFF_MODELS__PRIMARY: 'openai/gpt-5-mini' },
    lines: {
      'rff-shard run --wait --max-usd 200': { after: 'rff-shard plan my-facts.jsonl' },
      'rff-shard run --batch --max-usd 100': {
        after: 'rm -r rff && rff-shard plan my-facts.jsonl',
        ...BATCHES_PENDING,
      },
      'rff-shard run --batch': BATCHES_PENDING, // it is not hours later
      'rff-shard run --batch --wait': { env: { RFF_BATCH__POLL_MS: '20', RFF_BATCH__POLL_MAX_MS: '20' } },
    },
  },
  'docs/search.md': {
    begins: 'with a workspace',
    env: { RFF_EMBEDDINGS__MODEL: 'openai/text-embedding-3-small' },
    lines: { 'rff-shard search warmth': { says: /hybrid \(openai\/text-embedding-3-small, / } },
  },
  'docs/serve.md': {
    begins: 'with a workspace',
    lines: {
      'rff-shard serve': A_LINK,
      'rff-shard serve --port 8080': A_LINK,
      'rff-shard -w my-demo serve': { ...A_LINK, after: 'cp -r rff my-demo' },
      ...listed(OTHER_MACHINE, 'ssh -L 4317:127.0.0.1:4317 the-server'),
      ...listed(
        CONTAINER,
        'docker compose run --rm rff plan /corpus/my-facts.jsonl',
        'docker compose up page',
      ),
    },
  },
  'docs/systemd/README.md': { begins: 'with a workspace' },
  'docs/torture.md': {
    begins: 'with facts',
    lines: listed(
      KILLS,
      'npm run torture',
      'npm run torture -- --kills 1000 --seed 7',
      'npm run torture -- --kills 100 --facts 1000',
    ),
  },
}

/** Pages whose lines are run, each of them, by a test of their own. */
export const RUN_ELSEWHERE: readonly string[] = ['docs/audits.md'] // test/docs/audits.test.ts
