/** Measures every statement of one connection, for `--profile`; a connection that nobody measures pays nothing. */
import type { Statement, Transaction } from 'better-sqlite3'
import type { Db } from './open.ts'

export type OnStatement = (sql: string, ms: number) => void

/** What beginning and committing take, apart from what stands between them. */
const COMMIT = 'BEGIN … COMMIT'

/** From now on: statements that were prepared before are not seen. */
export function timeStatements(db: Db, onStatement: OnStatement): void {
  const prepare = db.prepare.bind(db)
  const timed = <Result>(sql: string, work: () => Result): Result => {
    const start = performance.now()
    try {
      return work()
    } finally {
      onStatement(sql, performance.now() - start)
    }
  }
  db.prepare = ((source: string) => {
    const sql = oneLine(source)
    return timeStatement(prepare(source), (work) => timed(sql, work))
  }) as Db['prepare']
  const exec = db.exec.bind(db)
  db.exec = (source) => timed(oneLine(source), () => exec(source))
  timeCommits(db, (ms) => onStatement(COMMIT, ms))
}

type Timed = <Result>(work: () => Result) => Result

function timeStatement(statement: Statement, timed: Timed): Statement {
  for (const name of ['run', 'get', 'all'] as const) {
    const original = statement[name].bind(statement) as (...values: unknown[]) => never
    statement[name] = (...values: unknown[]) => timed(() => original(...values))
  }
  const iterate = statement.iterate.bind(statement) as (...values: unknown[]) => IterableIterator<unknown>
  statement.iterate = (...values: unknown[]) =>
    timeSteps(
      timed(() => iterate(...values)),
      timed,
    )
  return statement
}

function* timeSteps(rows: IterableIterator<unknown>, timed: Timed): Generator<unknown, undefined> {
  try {
    for (;;) {
      const step = timed(() => rows.next())
      if (step.done) return
      yield step.value
    }
  } finally {
    rows.return?.()
  }
}

type AnyWork = (...values: never[]) => unknown

function timeCommits(db: Db, onCommit: (ms: number) => void): void {
  const transaction = db.transaction.bind(db)
  db.transaction = ((work: AnyWork) => {
    let workMs = 0
    const inner = transaction((...values: never[]) => {
      const start = performance.now()
      try {
        return work(...values)
      } finally {
        workMs = performance.now() - start
      }
    })
    const timed =
      (run: AnyWork): AnyWork =>
      (...values) => {
        const start = performance.now()
        try {
          return run(...values)
        } finally {
          onCommit(performance.now() - start - workMs)
        }
      }
    const { deferred, immediate, exclusive } = inner
    return Object.assign(timed(inner), {
      default: timed(inner),
      deferred: timed(deferred),
      immediate: timed(immediate),
      exclusive: timed(exclusive),
    })
  }) as <Work extends AnyWork>(work: Work) => Transaction<Work>
}

/** Without comments and line breaks; cut where it gets long, for a table. */
function oneLine(sql: string): string {
  const bare = sql
    .replaceAll(/--[^\n]*/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim()
  return bare.length <= LONGEST_SQL ? bare : `${bare.slice(0, LONGEST_SQL - 1)}…`
}

const LONGEST_SQL = 160
