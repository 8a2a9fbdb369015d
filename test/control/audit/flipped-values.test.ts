/**
 * One stored value of each column is changed, past the tables' own CHECKs, and the deep audit must see it.
 *
 * The columns come from the files themselves, so one that is added is tested too, or is named below with why nothing else
 * in the workspace says what it should be.
 */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../../src/control/audit/audit.ts'
import { openWorkspace } from '../../../src/control/workspace.ts'
import { cliJson } from '../../support/cli.ts'
import { factsFile, useServer } from '../../support/demo-world.ts'
import { startSimServer } from '../../support/sim-server/server.ts'

const ofAttempt = (column: string): string => `attempts.${column}`

const scratch = mkdtempSync(join(tmpdir(), 'rff-flips-'))
const template = join(scratch, 'template')
let fieldFile: string
beforeAll(async () => {
  const server = await startSimServer({
    seed: 7,
    script: [
      { fault: 'off_schema', requests: [2] },
      { fault: 'broken_json', promptHas: 'Ramsey' },
    ],
  })
  mkdirSync(template)
  await cliJson(template, ['plan', factsFile(scratch, 160), '--shards', '1'])
  useServer({ dir: template }, server.url, 'inFlight = 4\n')
  await cliJson(template, ['run', '--max-calls', '100000'])
  const { fieldTag } = await cliJson<{ fieldTag: string }>(template, ['merge', '--override-gate', 'ok_rate'])
  fieldFile = `field/${fieldTag}/field.sqlite`
  await server.close()
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

async function faultsOf(dir: string): Promise<string[]> {
  const workspace = openWorkspace(dir, 'use')
  try {
    const { checks } = await audit(workspace, { isDeep: true })
    return checks.flatMap(({ passed, skipped, name }) => (passed || skipped !== null ? [] : [name]))
  } finally {
    workspace.close()
  }
}

interface Column {
  readonly table: string
  readonly column: string
  readonly type: string
}

function columnsOf(path: string): Column[] {
  const db = new Database(path, { readonly: true })
  const columns = db
    .prepare<[], Column>(
      `SELECT t.name AS "table", c.name AS "column", c.type FROM sqlite_schema t, pragma_table_info(t.name) c
       WHERE t.type = 'table' AND t.sql LIKE 'CREATE TABLE%' AND t.name NOT LIKE 'concept_words%' AND t.name NOT LIKE 'sqlite%'
       ORDER BY t.name, c.cid`,
    )
    .all()
  db.close()
  return columns
}

/** @returns false where the table has no row with a value there */
function flip(path: string, { table, column, type }: Column): boolean {
  const db = new Database(path)
  try {
    db.pragma('ignore_check_constraints = ON')
    db.pragma('foreign_keys = OFF')
    for (const { name } of db
      .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
      .all())
      db.exec(`DROP TRIGGER ${name}`)
    const key = db
      .prepare<[], string>(`SELECT name FROM pragma_table_info('${table}') WHERE pk > 0 ORDER BY pk`)
      .pluck()
      .all()
    const row = `(${key.join(', ')}) = (SELECT ${key.join(', ')} FROM ${table} WHERE ${column} IS NOT NULL AND ${column} <> '' AND ${column} <> '[]' ORDER BY 1 DESC LIMIT 1)`
    // Where the next number is taken, one that is far away.
    const others =
      type === 'INTEGER'
        ? [`${column} + 1`, `${column} + 1000003`]
        : [FLIPPED_TEXT.replaceAll('COLUMN', column)]
    const set = others.map((other) => `UPDATE OR IGNORE ${table} SET ${column} = ${other} WHERE ${row}`)
    return set.some((sql) => db.prepare(sql).run().changes > 0)
  } finally {
    db.close()
  }
}

/** One letter in the middle is another one, as a bit that turned. */
const FLIPPED_TEXT = `(SELECT substr(COLUMN, 1, n - 1) || CASE substr(COLUMN, n, 1) WHEN 'b' THEN 'c' ELSE 'b' END || substr(COLUMN, n + 1)
  FROM (SELECT length(COLUMN) / 2 + 1 AS n))`

test('a workspace that nobody touched has no fault', async () => {
  const dir = join(scratch, 'untouched')
  cpSync(template, dir, { recursive: true })
  expect(await faultsOf(dir)).toEqual([])
})

/** Nothing else in the workspace says what these should be. */
const SAID_ONCE = {
  shard: [
    'answers.body', // the last one was bad before and is bad still; see below
    'answers.superseded',
    'cursors.name',
    'cursors.value',
    'done.done_seq',
    'quarantine.findings', // their words; codes, types and domain are found in the group
    ...['task', 'answered_by', 'prompt_digest', 'schema_digest', 'request_id', 'task_version'].map(ofAttempt),
    ...['reserved_micro_usd', 'reserved_tokens', 'sent_at_ms', 'failure_code', 'http_status'].map(ofAttempt),
  ],
  corpus: [
    'clusters.plan_no',
    ...['source', 'byte_offset', 'line_number'].map((column) => `facts.${column}`),
    ...['plan_no', 'path', 'format', 'is_complete'].map((column) => `inputs.${column}`),
    ...['last_byte_offset', 'last_line_number', 'last_line_hash'].map((column) => `inputs.${column}`),
    'meta.key',
    'meta.value',
  ],
  field: [
    'concept_map.reason',
    // Of links that were not kept; of the others they are found in the edges.
    ...['evidence', 'fact_id', 'cluster_id', 'detail'].map((column) => `links_raw.${column}`),
    ...['score_millionths', 'parts', 'reason'].map((column) => `links_scored.${column}`),
  ],
}

test.each(['shard', 'corpus', 'field'] as const)(
  'a changed value of any column of a %s is found, but for those that are said once',
  async (kind) => {
    const file = { shard: 'shards/0000.sqlite', corpus: 'corpus.sqlite', field: fieldFile }[kind]
    const dir = join(scratch, kind)
    cpSync(template, dir, { recursive: true })
    const unseen: string[] = []
    let seen = 0
    for (const column of columnsOf(join(template, file))) {
      copyFileSync(join(template, file), join(dir, file))
      if (!flip(join(dir, file), column)) continue // a table without rows
      if ((await faultsOf(dir)).length > 0) seen += 1
      else unseen.push(`${column.table}.${column.column}`)
    }
    expect(unseen.filter((name) => !SAID_ONCE[kind].includes(name))).toEqual([])
    expect(seen).toBeGreaterThan(25)
  },
)

test.each(['a letter of the name', 'a role'])(
  '%s in an answer that decided a cluster is found',
  async (what) => {
    const dir = join(scratch, what)
    cpSync(template, dir, { recursive: true })
    const db = new Database(join(dir, 'shards/0000.sqlite'))
    const [from, to] = what === 'a role' ? ['"definition"', '"condition"'] : ['"name":"', '"name":"X']
    const { changes } = db
      .prepare(
        'UPDATE answers SET body = replace(body, ?, ?) WHERE attempt_id = (SELECT min(attempt_id) FROM structures)',
      )
      .run(from, to)
    db.close()
    expect(changes).toBe(1)
    expect(await faultsOf(dir)).toEqual(['outcomes_follow_from_answers'])
  },
)
