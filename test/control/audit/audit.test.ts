import { execFileSync } from 'node:child_process'
import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../../db/open.ts'
import { auditChecks } from '../../../db/queries/audit-checks.ts'
import type { FileKind } from '../../../db/schema-of.ts'
import { commandLine, describeAudit } from '../../../src/commands/audit.ts'
import { audit } from '../../../src/control/audit/audit.ts'
import { DERIVED_CHECKS } from '../../../src/control/audit/check-derived.ts'
import { claimLease, shardScope } from '../../../src/control/lease.ts'
import { type HandMade, makeWorkspace, structureOfHeat } from '../../support/hand-made-workspace.ts'

let world: HandMade
afterEach(() => world.remove())
/** One cluster is ok, one in quarantine, one to do. */
beforeEach(async () => {
  world = await makeWorkspace()
  world.accept('heat-1', structureOfHeat)
  world.setAside('light-1', [{ code: 'json_invalid', at: '', message: 'no object' }])
})

const failedNames = async (isDeep = true): Promise<string[]> => {
  const { checks } = await audit(world.workspace, { isDeep })
  return [
    ...new Set(checks.filter(({ passed, skipped }) => !passed && skipped === null).map(({ name }) => name)),
  ]
}

test('a sound workspace passes every check, and each one was made', async () => {
  const { checks, failed, skipped } = await audit(world.workspace, { isDeep: true })
  expect({ failed, skipped }).toEqual({ failed: 0, skipped: 0 })
  const made = new Set(checks.map(({ name }) => name))
  for (const kind of ['control', 'corpus', 'shard'] satisfies FileKind[])
    for (const { name } of auditChecks(kind, { passM: 1 })) expect(made).toContain(name)
  expect(made).toContain('conservation_in_all')
})

test('a shallow audit leaves the deep checks out and no other', async () => {
  const deep = await audit(world.workspace, { isDeep: true })
  const shallow = await audit(world.workspace, { isDeep: false })
  const isMade = new Set(shallow.checks.map(({ name }) => name))
  const left = new Set(deep.checks.flatMap(({ name }) => (isMade.has(name) ? [] : [name])))
  const deepOnly = (kind: FileKind) =>
    auditChecks(kind, { passM: 1 }).flatMap(({ isDeep, name }) => (isDeep ? [name] : []))
  expect(left).toEqual(
    new Set([
      ...deepOnly('control'),
      ...deepOnly('corpus'),
      ...deepOnly('shard'),
      ...DERIVED_CHECKS,
      'constraints_hold',
    ]),
  )
})

/** Each breaks one law of a shard file, past its own CHECKs, and names the checks that must see it. */
const SHARD_FAULTS: readonly (readonly [string, string, readonly string[]])[] = [
  ['a cluster that is nowhere', 'DELETE FROM frontier', ['conservation', 'conservation_in_all']],
  [
    'a cluster that is in both tables',
    `INSERT INTO frontier (seed_fact_id, cluster_id, key) SELECT seed_fact_id, cluster_id, key FROM clusters WHERE true
       ON CONFLICT DO NOTHING`,
    ['nothing_is_done_and_to_do', 'conservation'],
  ],
  [
    'a key of another shard',
    'UPDATE clusters SET key = CASE WHEN key < 0 THEN 1 ELSE -1 END',
    ['keys_are_in_range', 'cluster_keys_are_hashes'],
  ],
  ['a key that is no hash', 'UPDATE clusters SET key = key + 1', ['cluster_keys_are_hashes']],
  ['a lost member', 'DELETE FROM cluster_members WHERE i = 1', ['members_are_numbered']],
  ['another text', "UPDATE cluster_members SET text = text || '!'", ['members_are_the_planned_ones']],
  ['ok without a structure', 'DELETE FROM structures', ['ok_has_a_structure', 'deltas_are_written_whole']],
  ['quarantine without a case', 'DELETE FROM quarantine', ['quarantined_has_a_case']],
  ['a retried case that is done', "UPDATE quarantine SET state = 'retried'", ['retried_cases_are_to_do']],
  [
    'a structure that nobody gave',
    'UPDATE structures SET attempt_id = NULL',
    ['corrected_cases_are_of_a_person'],
  ],
  [
    'deltas of an old PassM',
    'UPDATE structures SET materialised_version = 0',
    ['structures_have_current_deltas'],
  ],
  ['deltas that are gone', 'DELETE FROM delta_concepts', ['deltas_are_written_whole']],
  ['an answer that is gone', 'DELETE FROM answers', ['settled_has_an_answer']],
  [
    'an answer of an open attempt',
    "UPDATE attempts SET state = 'sent', finish_reason = NULL, verdict = NULL, error_codes = NULL",
    ['answers_are_settled', 'nothing_is_in_flight'],
  ],
  ['ok by a bad answer', "UPDATE attempts SET verdict = 'bad'", ['ok_was_judged_ok']],
  ['more spent than reserved', 'UPDATE attempts SET micro_usd = reserved_micro_usd + 1', ['books_are_sane']],
  [
    'an epoch nobody handed out',
    "UPDATE meta SET value = '99' WHERE key = 'epoch'",
    ['epoch_was_handed_out'],
  ],
  ['a run nobody knows', 'UPDATE done SET run_id = 77', ['runs_are_known']],
  [
    'a grant nobody handed out',
    "INSERT INTO grants VALUES (5, 1, 10, 10, 10, 'open')",
    ['grants_were_handed_out'],
  ],
]

/** They would refuse the fault; a file that lacks one would not be opened at all. */
function withoutTriggers(db: Db, sql: string): void {
  const triggers = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all()
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`)
  db.exec(sql)
  for (const trigger of triggers) db.exec(trigger.sql)
}

test.each(SHARD_FAULTS)('the audit sees %s', async (_, sql, expected) => {
  for (const seed of ['heat-1', 'light-1', 'ring-1'])
    world.change(seed, (db) => {
      db.pragma('foreign_keys = OFF')
      withoutTriggers(
        db,
        sql.startsWith('INSERT INTO grants') ? sql.replace('INSERT', 'INSERT OR IGNORE') : sql,
      )
    })
  expect(await failedNames()).toEqual(expect.arrayContaining([...expected]))
})

test.each([
  ['a fact nobody covers', "DELETE FROM coverage WHERE role = 'duplicate'", 'facts_are_covered'],
  ['a member outside its cluster', 'DELETE FROM cluster_facts WHERE i = 1', 'coverage_names_its_cluster'],
  [
    'a duplicate of a duplicate',
    "UPDATE coverage SET representative_fact_no = fact_no WHERE role = 'duplicate'",
    'duplicates_follow_a_representative',
  ],
  [
    'a refused line without a reason',
    'UPDATE inputs SET refused = 1, added = added - 1',
    'refused_lines_are_listed',
  ],
  [
    'a cluster that no shard has',
    "INSERT INTO clusters SELECT 'clu_x', seed_fact_no, 9, 1 FROM clusters LIMIT 1",
    'seeds_are_the_planned_ones',
  ],
  ['a key that is no hash', 'UPDATE facts SET key = key + 1', 'fact_keys_are_hashes'],
])('the audit sees %s in the corpus', async (_, sql, expected) => {
  world.changeCorpus((db) => {
    db.pragma('foreign_keys = OFF')
    db.exec(sql)
  })
  expect(await failedNames()).toContain(expected)
})

test('a gap between two shards and a grant above the cap are seen', async () => {
  const { control } = world.workspace
  control.exec('UPDATE shards SET key_last = key_last - 1 WHERE shard_no = 0')
  control.exec('UPDATE runs SET cap_micro_usd = 5, most_micro_usd = 5')
  control.exec(`INSERT INTO grants VALUES (1, ${world.runId}, 0, 6, 0, 0, 'open')`)
  expect(await failedNames(false)).toEqual(
    expect.arrayContaining(['ranges_cover_the_key_space', 'grants_within_caps', 'shard_is_the_one_meant']),
  )
})

test('what was booked beyond the grants of a capped run is seen', async () => {
  world.workspace.control.exec('UPDATE runs SET cap_micro_usd = 5')
  expect(await failedNames(false)).toContain('booked_within_grants')
})

test('a missing shard, one that is no database and one in the place of another fail by name', async () => {
  const { shardPath } = world.workspace
  const clean = (shardNo: number) => {
    for (const end of ['', '-wal', '-shm']) rmSync(shardPath(shardNo) + end, { force: true })
  }
  clean(0)
  expect(await failedNames(false)).toContain('file_opens')
  writeFileSync(shardPath(0), 'x'.repeat(4_096))
  expect(await failedNames(false)).toContain('file_opens')
  clean(0)
  copyFileSync(shardPath(1), shardPath(0))
  expect(await failedNames(false)).toContain('shard_is_the_one_meant')
})

test('requests in flight are no fault while somebody holds the shard', async () => {
  world.send('ring-1')
  expect(await failedNames(false)).toEqual(['nothing_is_in_flight'])
  const lease = claimLease(world.workspace.control, shardScope(world.shardNoOf('ring-1')), 0)
  const { failed, skipped } = await audit(world.workspace, { isDeep: false })
  lease.release()
  expect({ failed, skipped }).toEqual({ failed: 0, skipped: 2 })
})

test('an unfinished plan is not held to what only a finished one promises', async () => {
  world.workspace.control.exec("UPDATE plans SET state = 'write'")
  world.changeCorpus((db) => db.exec("DELETE FROM coverage WHERE role = 'duplicate'"))
  expect(await failedNames()).toEqual([])
})

test('the sqlite3 tool gives the number that the audit found, from the printed line', async () => {
  world.change('light-1', (db) => db.exec('UPDATE attempts SET micro_usd = 501'))
  const { checks } = await audit(world.workspace, { isDeep: true })
  const withSql = checks.filter(({ sql }) => sql !== null && !sql.includes('rff_'))
  expect(withSql.length).toBeGreaterThan(40)
  for (const { sql, attached, file, found } of withSql) {
    const line = commandLine(sql!, attached, `${world.workspace.dir}/${file}`)
    expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' }).trim(), line).toBe(String(found))
  }
})

test('the report names the file, the number and the line to type for what failed', async () => {
  world.change('light-1', (db) => db.exec('UPDATE attempts SET micro_usd = 501'))
  const report = await audit(world.workspace, { isDeep: false })
  const text = describeAudit(report, 'rff')
  expect(text).toMatch(/^FAIL {2}what failed or came from the store cost nothing/m)
  expect(text).toMatch(/^books_are_sane in shards\/000\d\.sqlite: found 1, expected 0$/m)
  expect(text).toMatch(/^ {2}sqlite3 -readonly 'rff\/shards\/000\d\.sqlite' 'SELECT/m)
  expect(text).toMatch(/1 failed, 0 skipped$/)
})
