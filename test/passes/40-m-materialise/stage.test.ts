import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Db, openDb } from '../../../db/open.ts'
import type { Structure } from '../../../schemas/structure.ts'
import { PASS_M_VERSION, passM } from '../../../src/passes/40-m-materialise/stage.ts'
import { newFolder } from '../../support/folder.ts'

const stage = passM({ keepDomainsApart: false })

const structureNamed = (name: string): Structure => ({
  concept: { name, gloss: 'g', aliases: ['other name'], canonical_i: 0 },
  members: [
    { i: 0, role: 'definition' },
    { i: 1, role: 'other' },
  ],
  dropped: [],
  relations: [{ src_i: 0, dst_i: 1, rel_type: 'supports', support_i_list: [0, 1] }],
  links: [{ name: 'Water', rel_type: 'depends_on', support_i_list: [1] }],
})

/** A shard with structured clusters of two facts each. */
function setup(clusterCount: number): Db {
  const db = openDb(join(newFolder(), 'shard.sqlite'), 'shard', {
    mode: 'create',
  })
  for (let n = 0; n < clusterCount; n++) {
    const clusterId = `clu_${n}`
    db.prepare('INSERT INTO clusters VALUES (?, ?, 0, ?, ?, 2, 0)').run(clusterId, `s${n}`, n, 'd')
    const member = db.prepare('INSERT INTO cluster_members VALUES (?, ?, ?, ?, ?, ?, ?)')
    member.run(clusterId, 0, 'seed', `s${n}`, `s${n}`, 'd', 'text')
    member.run(clusterId, 1, 'member', `m${n}`, `s${n}`, 'd', 'text')
    putStructure(db, clusterId, `Concept ${n}`)
  }
  return db
}

function putStructure(db: Db, clusterId: string, name: string): void {
  db.prepare(`INSERT OR REPLACE INTO structures VALUES (?, NULL, ?, '[]', 1, NULL)`).run(
    clusterId,
    JSON.stringify(structureNamed(name)),
  )
}

/** Runs batches until nothing is left, as a runner does. */
function runAll(db: Db, limit: number): number {
  for (let batches = 0; ; batches++) {
    const inputs = stage.read(db, limit)
    if (inputs.length === 0) return batches
    const outputs = inputs.map((input) => {
      const outcome = stage.apply(input)
      if (!outcome.ok) throw outcome.failure
      return outcome.value
    })
    db.transaction(() => stage.write(db, outputs))()
  }
}

const DELTA_TABLES = ['delta_concepts', 'delta_members', 'delta_edges', 'delta_links']
const deltasOf = (db: Db): unknown[] =>
  DELTA_TABLES.map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2, 3`).all())

test('every structure is materialised once, in pages', () => {
  const db = setup(7)
  expect(runAll(db, 3)).toBe(3)
  expect(db.prepare('SELECT count(*) AS n FROM delta_members').get()).toEqual({ n: 14 })
  expect(db.prepare('SELECT DISTINCT materialised_version AS v FROM structures').all()).toEqual([
    { v: PASS_M_VERSION },
  ])
})

test('a batch that is repeated changes nothing', () => {
  const db = setup(4)
  runAll(db, 2)
  const before = deltasOf(db)
  db.prepare('UPDATE structures SET materialised_version = NULL').run()
  runAll(db, 3)
  expect(deltasOf(db)).toEqual(before)
})

test('a structure that was replaced leaves nothing of its old deltas', () => {
  const db = setup(2)
  runAll(db, 10)
  putStructure(db, 'clu_1', 'Another name')
  runAll(db, 10)
  expect(db.prepare('SELECT normalised_name AS name FROM delta_concepts ORDER BY 1').all()).toEqual([
    { name: 'another name' },
    { name: 'concept 0' },
  ])
  expect(db.prepare('SELECT count(*) AS n FROM delta_links').get()).toEqual({ n: 2 })
})

test('deltas of an earlier version are made again, those of this one are not', () => {
  const db = setup(5)
  runAll(db, 10)
  db.prepare(`UPDATE structures SET materialised_version = ? WHERE cluster_id IN ('clu_1', 'clu_3')`).run(
    PASS_M_VERSION - 1,
  )
  expect(stage.read(db, 10).map((input) => input.cluster.clusterId)).toEqual(['clu_1', 'clu_3'])
})
