/** What stands in the files of a workspace at this moment, read as a person with sqlite3 would. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

export interface Books {
  /** Clusters that are in no state, or in two. */
  readonly conservationDifference: number
  readonly seeds: number
  readonly todo: number
  readonly ok: number
  readonly quarantined: number
  /** Facts that are not exactly one of seed, member, duplicate; null while a plan is being made. */
  readonly coverageDifference: number | null
  /** Seeds that the plan made; null while a plan is being made. */
  readonly planned: number | null
  /** Requests at the server: answered, with an unknown end, on their way when somebody died. */
  readonly settled: number
  readonly unknown: number
  readonly sent: number
  /** Attempts whose answer is stored: everything that was paid for, so that nobody can lose one. */
  readonly answered: ReadonlySet<number>
  /** Clusters whose outcome stands twice in the files for people. */
  readonly doubleLines: number
  /** Requests of one cluster and lane that were both answered and paid. */
  readonly doubleAnswers: number
}

export function readBooks(dir: string): Books {
  const plan = readPlan(dir)
  const shards = shardNosOf(dir).map((shardNo) => readShard(join(dir, 'shards', `${shardNo}.sqlite`)))
  const sum = (pick: (shard: ShardBooks) => number) => shards.reduce((n, shard) => n + pick(shard), 0)
  return {
    ...plan,
    conservationDifference: sum(({ difference }) => difference),
    seeds: sum(({ seeds }) => seeds),
    todo: sum(({ todo }) => todo),
    ok: sum(({ ok }) => ok),
    quarantined: sum(({ quarantined }) => quarantined),
    settled: sum(({ settled }) => settled),
    unknown: sum(({ unknown }) => unknown),
    sent: sum(({ sent }) => sent),
    doubleAnswers: sum(({ doubleAnswers }) => doubleAnswers),
    answered: new Set(shards.flatMap(({ answered }) => answered)),
    doubleLines: countDoubleLines(join(dir, 'runs')),
  }
}

/** Those that have their range now; a shard that was split, or is only about to come from one, is none of them. */
function shardNosOf(dir: string): string[] {
  const known = fromControl(dir, (control) =>
    control.prepare("SELECT shard_no FROM shards WHERE state <> 'split'").pluck().all(),
  ) as number[] | null
  const names = (known ?? []).map((shardNo) => String(shardNo).padStart(4, '0'))
  return names.filter((name) => existsSync(join(dir, 'shards', `${name}.sqlite`)))
}

/** @returns null where a first plan was killed before it made the file */
export function fromControl<T>(dir: string, read: (control: Database.Database) => T): T | null {
  const path = join(dir, 'control.sqlite')
  if (!existsSync(path)) return null
  const control = new Database(path, { readonly: true })
  try {
    return control.pragma('user_version', { simple: true }) === 0 ? null : read(control)
  } finally {
    control.close()
  }
}

interface ShardBooks {
  readonly seeds: number
  readonly todo: number
  readonly ok: number
  readonly quarantined: number
  readonly difference: number
  readonly settled: number
  readonly unknown: number
  readonly sent: number
  readonly doubleAnswers: number
  readonly answered: readonly number[]
}

function readShard(path: string): ShardBooks {
  const db = new Database(path, { readonly: true })
  try {
    const census = db.prepare('SELECT * FROM audit_conservation').get() as ShardBooks
    const states = db
      .prepare(
        `SELECT coalesce(sum(state IN ('settled', 'reconciled')), 0) AS settled,
           coalesce(sum(state = 'unknown'), 0) AS unknown, coalesce(sum(state = 'sent'), 0) AS sent
         FROM attempts WHERE provider <> 'rules' AND reused_attempt_id IS NULL`,
      )
      .get() as Pick<ShardBooks, 'settled' | 'unknown' | 'sent'>
    const doubleAnswers = db
      .prepare(
        `SELECT count(*) FROM (SELECT 1 FROM attempts WHERE state = 'settled' AND reused_attempt_id IS NULL
           GROUP BY cluster_id, lane, request_key HAVING count(*) > 1)`,
      )
      .pluck()
      .get() as number
    const answered = db.prepare('SELECT attempt_id FROM answers').pluck().all() as number[]
    return { ...census, ...states, doubleAnswers, answered }
  } finally {
    db.close()
  }
}

function readPlan(dir: string): Pick<Books, 'coverageDifference' | 'planned'> {
  const state = fromControl(dir, (control) =>
    control.prepare('SELECT state FROM plans ORDER BY plan_no DESC LIMIT 1').pluck().get(),
  )
  if (state !== 'done') return { coverageDifference: null, planned: null }
  const corpus = new Database(join(dir, 'corpus.sqlite'), { readonly: true })
  try {
    const coverage = corpus.prepare('SELECT * FROM audit_coverage').get() as { difference: number }
    const planned = corpus
      .prepare("SELECT count(*) FROM coverage WHERE role = 'seed'")
      .pluck()
      .get() as number
    return { coverageDifference: coverage.difference, planned }
  } finally {
    corpus.close()
  }
}

/** A last line may be torn in a file that a dead process was writing; the next one cuts it. */
function countDoubleLines(runsDir: string): number {
  if (!existsSync(runsDir)) return 0
  let doubles = 0
  for (const tag of readdirSync(runsDir).filter((name) => /^\d{8}_/.test(name))) {
    const seen = new Set<string>()
    for (const name of readdirSync(join(runsDir, tag)).filter((one) => /^(ok|bad)\..*\.jsonl$/.test(one))) {
      for (const line of readFileSync(join(runsDir, tag, name), 'utf8')
        .split('\n')
        .slice(0, -1)) {
        const { cluster_id: id } = JSON.parse(line) as { cluster_id: string }
        if (seen.has(id)) doubles += 1
        seen.add(id)
      }
    }
  }
  return doubles
}

/** Whatever a worker may write in the shards, in one hash. */
export function contentOf(dir: string): string {
  const hash = createHash('sha256')
  for (const shardNo of shardNosOf(dir)) {
    const db = new Database(join(dir, 'shards', `${shardNo}.sqlite`), { readonly: true })
    for (const table of [
      'meta',
      'frontier',
      'done',
      'attempts',
      'answers',
      'structures',
      'grants',
      'cursors',
    ])
      hash.update(JSON.stringify(db.prepare(`SELECT * FROM ${table}`).safeIntegers().all(), asText))
    db.close()
  }
  return hash.digest('hex')
}

const asText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value)
