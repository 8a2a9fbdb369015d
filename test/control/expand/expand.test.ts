import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Db, openDb } from '../../../db/open.ts'
import { factQueries } from '../../../db/queries/facts.ts'
import { inputQueries } from '../../../db/queries/inputs.ts'
import { loadHashKey } from '../../../shards/hash-key.ts'
import { type ExpandOptions, expand } from '../../../src/control/expand/expand.ts'
import { expandField } from '../../../src/control/expand/expand-field.ts'
import { newFolder } from '../../support/folder.ts'

interface GivenFact {
  readonly factId: string
  readonly domain: string
  readonly text: string
}

/** 252 real facts of eight corpora. */
const realFacts: readonly GivenFact[] = readFileSync(
  new URL('../../data/rules/mixed-facts.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { corpus: string; domain: string; text: string })
  .map(({ corpus, text }, at) => ({ factId: `fact-${at}`, domain: corpus, text }))

async function setup(facts: readonly GivenFact[] = realFacts): Promise<Db> {
  const db = openDb(join(newFolder(), 'corpus.sqlite'), 'corpus', { mode: 'create' })
  await addFacts(db, 1, facts)
  return db
}

async function addFacts(db: Db, planNo: number, facts: readonly GivenFact[]): Promise<void> {
  const hashKey = await loadHashKey()
  inputQueries(db).insert({ planNo, path: `facts-${planNo}.jsonl`, format: 'jsonl' })
  const inputNo = db.prepare<[], number>('SELECT max(input_no) FROM inputs').pluck().get()!
  const queries = factQueries(db)
  db.transaction(() => {
    for (const [at, fact] of facts.entries()) {
      const place = { inputNo, byteOffset: at, lineNumber: at + 1 }
      queries.insert({ ...fact, dupGroupId: fact.factId, source: '' }, hashKey(fact.factId), place)
    }
  })()
}

const run = (db: Db, options: Partial<ExpandOptions> = {}) =>
  expand(db, {
    planNo: 1,
    mode: 'cover',
    scope: 'corpus',
    maxMembers: 12,
    topK: 12,
    scoreFloor: 0.15,
    postingsCap: 2_000,
    threadCount: 0,
    ...options,
  })

/** Without fact_no, which follows the order of arrival. */
const rowsOf = (db: Db, planNo = 1): unknown[] =>
  db
    .prepare(
      `SELECT c.cluster_id, s.fact_id AS seed, m.i, f.fact_id, m.standing
       FROM clusters c JOIN cluster_facts m USING (cluster_id) JOIN facts f ON f.fact_no = m.fact_no
         JOIN facts s ON s.fact_no = c.seed_fact_no
       WHERE c.plan_no = ? ORDER BY c.cluster_id, m.i`,
    )
    .all(planNo)

const coverageOf = (db: Db) => db.prepare('SELECT * FROM audit_coverage').get() as Record<string, number>

const one = <T>(db: Db, sql: string): T => db.prepare(sql).pluck().get() as T

test('every fact is exactly one of seed and member, and its cluster has it at the place of its role', async () => {
  const db = await setup()
  const summary = await run(db)
  expect(coverageOf(db)).toMatchObject({ facts: 252, difference: 0, unselected: 0, duplicates: 0 })
  expect(summary.seedCount + summary.memberCount).toBe(252)
  expect(
    one(
      db,
      `SELECT count(*) FROM coverage c JOIN cluster_facts m USING (cluster_id, fact_no)
       WHERE c.role = m.standing AND (c.role = 'seed') = (m.i = 0)`,
    ),
  ).toBe(252)
  expect(one(db, 'SELECT max(i) FROM cluster_facts')).toBeLessThan(12)
  expect(summary.clusterSizes.reduce((sum, { clusters }) => sum + clusters, 0)).toBe(summary.clusterCount)
})

test('the order in which facts arrived changes no cluster', async () => {
  const db = await setup()
  const reversed = await setup([...realFacts].reverse())
  await run(db)
  await run(reversed)
  expect(rowsOf(reversed)).toEqual(rowsOf(db))
})

test('expanding again changes nothing, and the plan that did it still knows what it made', async () => {
  const db = await setup()
  const summary = await run(db)
  const rows = rowsOf(db)
  expect(await run(db)).toEqual(summary)
  expect(await run(db, { planNo: 2 })).toMatchObject({ clusterCount: 0, uncoveredCount: 0, factCount: 252 })
  expect(rowsOf(db)).toEqual(rows)
})

test('a dry run tells what a run makes, and writes nothing', async () => {
  const db = await setup()
  const told = await run(db, { write: false })
  expect(one(db, 'SELECT count(*) FROM clusters')).toBe(0)
  expect(coverageOf(db)).toMatchObject({ difference: 252 })
  expect(await run(db)).toEqual(told)
})

test('an interrupted expansion has written nothing', async () => {
  const db = await setup()
  const stop = new AbortController()
  const onProgress = ({ step }: { step: string }): void => {
    if (step === 'search') stop.abort()
  }
  // More than a page, so that there is another one to refuse.
  await addFacts(
    db,
    2,
    Array.from({ length: 2_000 }, (_, at) => ({ factId: `more-${at}`, domain: 'd', text: `heat ${at}` })),
  )
  await expect(run(db, { signal: stop.signal, onProgress })).rejects.toMatchObject({ code: 'interrupted' })
  expect(one(db, 'SELECT count(*) FROM clusters')).toBe(0)
  expect(one(db, 'SELECT count(*) FROM coverage')).toBe(0)
})

test('inside a domain no cluster has facts of two', async () => {
  const db = await setup()
  await run(db, { scope: 'domain' })
  expect(
    one(
      db,
      `SELECT count(*) FROM (SELECT cluster_id FROM cluster_facts JOIN facts USING (fact_no)
       GROUP BY cluster_id HAVING count(DISTINCT domain) > 1)`,
    ),
  ).toBe(0)
  expect(coverageOf(db)).toMatchObject({ difference: 0 })
})

test('a duplicate and a removed fact stand in no cluster', async () => {
  const db = await setup()
  db.exec(`
    INSERT INTO coverage (fact_no, role, representative_fact_no) VALUES (5, 'duplicate', 6);
    UPDATE facts SET state = 'removed' WHERE fact_no = 7`)
  await run(db)
  expect(one(db, 'SELECT count(*) FROM cluster_facts WHERE fact_no IN (5, 7)')).toBe(0)
  expect(coverageOf(db)).toMatchObject({ facts: 251, duplicates: 1, difference: 0 })
})

test('new facts are covered among themselves, with near covered ones as context', async () => {
  const db = await setup(realFacts.filter((_, at) => at % 2 === 0))
  await run(db)
  const before = rowsOf(db)
  await addFacts(
    db,
    2,
    realFacts.filter((_, at) => at % 2 === 1),
  )
  const summary = await run(db, { planNo: 2 })
  expect(rowsOf(db)).toEqual(before)
  expect(summary).toMatchObject({ factCount: 252, uncoveredCount: 126 })
  expect(summary.contextCount).toBeGreaterThan(0)
  expect(coverageOf(db)).toMatchObject({ facts: 252, difference: 0 })
  const rolesOfRows = db
    .prepare(
      `SELECT m.standing, c.cluster_id = m.cluster_id AS own, count(*) AS rows
       FROM cluster_facts m JOIN coverage c USING (fact_no) JOIN clusters k ON k.cluster_id = m.cluster_id
       WHERE k.plan_no = 2 GROUP BY 1, 2 ORDER BY 1`,
    )
    .all()
  expect(rolesOfRows).toEqual([
    { standing: 'context', own: 0, rows: summary.contextCount },
    { standing: 'member', own: 1, rows: summary.memberCount },
    { standing: 'seed', own: 1, rows: summary.seedCount },
  ])
  expect(
    one(
      db,
      `SELECT max(n) FROM (SELECT count(*) AS n FROM cluster_facts WHERE standing = 'context' GROUP BY cluster_id)`,
    ),
  ).toBeLessThanOrEqual(4)
})

test('every fact a seed: its neighbours are context, nearest first', async () => {
  const db = await setup()
  const summary = await run(db, { mode: 'every', maxMembers: 4 })
  expect(summary).toMatchObject({ seedCount: 252, memberCount: 0, clusterCount: 252 })
  expect(coverageOf(db)).toMatchObject({ seeds: 252, difference: 0 })
  expect(one(db, 'SELECT max(i) FROM cluster_facts')).toBe(3)
})

test('a sample takes so many seeds of each domain, and the next sample leaves the others be', async () => {
  const db = await setup()
  const summary = await run(db, { mode: 'sample', samplePerDomain: 3 })
  const domains = one<number>(db, 'SELECT count(DISTINCT domain) FROM facts')
  expect(summary.seedCount).toBe(3 * domains)
  expect(summary.memberCount).toBeGreaterThan(0)
  expect(coverageOf(db)).toMatchObject({ unselected: summary.unselectedCount, difference: 0 })
  const first = one<string>(
    db,
    `SELECT f.fact_id FROM facts f WHERE domain = 'oewn' ORDER BY key & 4294967295, key, fact_id LIMIT 1`,
  )
  expect(one(db, `SELECT role FROM coverage JOIN facts USING (fact_no) WHERE fact_id = '${first}'`)).toBe(
    'seed',
  )
  expect(await run(db, { planNo: 2, mode: 'sample', samplePerDomain: 3 })).toMatchObject({ clusterCount: 0 })
})

test('a cover takes up what a sample left out, and leaves its clusters as they are', async () => {
  const db = await setup()
  const sampled = await run(db, { mode: 'sample', samplePerDomain: 3 })
  const rows = rowsOf(db)
  const covered = await run(db, { planNo: 2 })
  expect(covered.uncoveredCount).toBe(sampled.unselectedCount)
  expect(rowsOf(db)).toEqual(rows)
  expect(coverageOf(db)).toMatchObject({ unselected: 0, difference: 0 })
})

test('a fact without a neighbour has a cluster of its own', async () => {
  const db = await setup([
    { factId: 'a', domain: 'd', text: 'Heat flows from hot bodies to cold bodies.' },
    { factId: 'b', domain: 'd', text: 'Heat flows between bodies.' },
    { factId: 'c', domain: 'd', text: 'Quicksilver glistens.' },
  ])
  expect(await run(db)).toMatchObject({ clusterCount: 2, loneCount: 1, memberCount: 1 })
})

test('an empty corpus has no clusters', async () => {
  expect(await run(await setup([]))).toMatchObject({ factCount: 0, clusterCount: 0, clusterSizes: [] })
})

test('texts in other scripts and without words are covered too', async () => {
  const db = await setup(
    [
      '東京は日本の首都である。',
      '日本の首都は東京だ。',
      '…',
      '!',
      'Ωμέγα είναι γράμμα',
      'Το ωμέγα είναι γράμμα',
    ].map((text, at) => ({ factId: `f${at}`, domain: '', text })),
  )
  await run(db)
  expect(coverageOf(db)).toMatchObject({ difference: 0 })
  const together = (a: string, b: string): number =>
    one(
      db,
      `SELECT count(DISTINCT cluster_id) FROM coverage JOIN facts USING (fact_no) WHERE fact_id IN ('${a}', '${b}')`,
    )
  expect(together('f0', 'f1')).toBe(1)
  expect(together('f4', 'f5')).toBe(1)
  expect(together('f2', 'f3')).toBe(2)
})

async function fieldOf(
  concepts: readonly { id: string; canonical: string; members: readonly string[]; support: number }[],
): Promise<Db> {
  const field = openDb(join(newFolder(), 'field.sqlite'), 'field', { mode: 'create' })
  const concept = field.prepare(
    `INSERT INTO concepts (concept_id, name, gloss, domain, canonical_fact_id, support_count, member_count, edge_count)
     VALUES (?, 'n', 'g', '', ?, ?, ?, 0)`,
  )
  const member = field.prepare(
    `INSERT INTO members (concept_id, fact_id, dup_group_id, role, support_count, duplicate_count)
     VALUES (?, ?, ?, 'property', 1, 0)`,
  )
  for (const { id, canonical, members, support } of concepts) {
    concept.run(id, canonical, support, members.length)
    for (const factId of members) member.run(id, factId, factId)
  }
  return field
}

test('the weakest concepts of a field grow by near facts that they do not have, and cover nothing', async () => {
  const texts = [
    'Heat flows from hot bodies to cold bodies.',
    'Heat flows between bodies of different temperature.',
    'Bodies are heated when heat flows in.',
    'Light bends in glass.',
    'Glass bends light.',
    'Quicksilver glistens.',
  ]
  const db = await setup(texts.map((text, at) => ({ factId: `f${at}`, domain: 'd', text })))
  await run(db)
  const coverage = coverageOf(db)
  const field = await fieldOf([
    { id: 'con_strong', canonical: 'f3', members: ['f3'], support: 9 },
    { id: 'con_heat', canonical: 'f0', members: ['f0', 'f1'], support: 1 },
    { id: 'con_gone', canonical: 'f99', members: ['f99'], support: 1 },
    { id: 'con_lone', canonical: 'f5', members: ['f5'], support: 1 },
  ])
  const grow = (planNo: number) =>
    expandField(db, field, {
      planNo,
      concepts: 2,
      scope: 'corpus',
      maxMembers: 12,
      topK: 12,
      scoreFloor: 0.1,
      postingsCap: 2_000,
      threadCount: 0,
    })
  const summary = await grow(2)
  expect(summary).toMatchObject({ mode: 'field', clusterCount: 1, seedCount: 1, contextCount: 2 })
  expect(rowsOf(db, 2)).toMatchObject([
    { seed: 'f0', i: 0, fact_id: 'f0', standing: 'seed' },
    { seed: 'f0', i: 1, fact_id: 'f1', standing: 'context' },
    { seed: 'f0', i: 2, fact_id: 'f2', standing: 'context' },
  ])
  expect(coverageOf(db)).toEqual(coverage)
  expect(await grow(2)).toEqual(summary)
  expect(await grow(3)).toMatchObject({ clusterCount: 1 })
  expect(one(db, 'SELECT count(DISTINCT cluster_id) FROM clusters WHERE round > 0')).toBe(2)
})
