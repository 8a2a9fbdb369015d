import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Db, openDb } from '../../../db/open.ts'
import type { FactTexts } from '../../../db/queries/corpus-texts.ts'
import { conceptIdOf } from '../../../schemas/ids.ts'
import { normaliseName } from '../../../src/language/normalise-name.ts'
import { passXLinkGenerate, passXLinkScore } from '../../../src/passes/60-x-link/stage.ts'
import { newFolder } from '../../support/folder.ts'

interface Given {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly facts: readonly string[]
  /** Target, type. */
  readonly links?: readonly (readonly [string, string])[]
  /** The name of the concept that this one was merged into. */
  readonly into?: string
}

const idOf = (name: string): string => conceptIdOf(normaliseName(name), '')

const WORLD: readonly Given[] = [
  {
    name: 'Photosynthesis',
    facts: ['Photosynthesis requires sunlight.', 'Photosynthesis happens in a leaf.'],
    links: [
      ['Sunlight', 'depends_on'],
      ['Nobody knows', 'depends_on'],
      ['photosynthesis', 'refines'],
    ],
  },
  { name: 'Sunlight', aliases: ['light of the sun'], facts: ['Sunlight warms the ground.'] },
  {
    name: 'Chlorophyll',
    facts: ['Chlorophyll absorbs light of the sun.'],
    links: [['light of the sun', 'depends_on']],
  },
  { name: 'Petal', facts: ['A petal is a part of a flower.'], links: [['Flower', 'part_of']] },
  { name: 'Flower', facts: ['A flower is beautiful.'], links: [['Petal', 'part_of']] },
  { name: 'Flowers', facts: ['Flowers smell.'], into: 'Flower' },
]

interface World {
  readonly db: Db
  readonly texts: FactTexts
}

function setup(given: readonly Given[] = WORLD): World {
  const path = join(newFolder(), 'field.sqlite')
  const db = openDb(path, 'field', { mode: 'create' })
  const texts = new Map<string, string>()
  const concept = db.prepare(`INSERT INTO raw_concepts VALUES (?, ?, ?, ?, '', ?, 'd', ?)`)
  const member = db.prepare(`INSERT INTO raw_members VALUES (?, ?, ?, ?, 'property')`)
  const link = db.prepare(`INSERT INTO raw_links VALUES (?, ?, ?, ?, ?, '[]')`)
  const map = db.prepare(`INSERT INTO concept_map VALUES (?, ?, ?, '')`)
  for (const { name, aliases = [], facts, links = [], into } of given) {
    const [id, clusterId] = [idOf(name), `clu_${name}`]
    concept.run(id, clusterId, name, normaliseName(name), JSON.stringify(aliases), `${name} 0`)
    map.run(id, into === undefined ? id : idOf(into), into === undefined ? 'self' : 'near')
    for (const [no, text] of facts.entries()) {
      member.run(id, `${name} ${no}`, clusterId, `${name} ${no}`)
      texts.set(`${name} ${no}`, text)
    }
    for (const [target, relType] of links) link.run(id, normaliseName(target), relType, clusterId, target)
  }
  return { db, texts: textsOf(texts) }
}

const textsOf = (texts: ReadonlyMap<string, string>): FactTexts => ({
  of: (factId) => texts.get(factId),
  all: () => [...texts].map(([factId, text]) => ({ factId, text })),
})

async function linkAll({ db, texts }: World) {
  const generated = await passXLinkGenerate.apply(db, { texts })
  const scored = passXLinkScore.apply(db, { texts, thresholds: { default: 0.5 } })
  return { generated, scored }
}

const rowsOf = (db: Db): unknown[] => [
  db.prepare('SELECT * FROM links_raw ORDER BY 1, 2, 3, 4, 5, 6').all(),
  db.prepare('SELECT * FROM links_scored ORDER BY 1, 2, 3').all(),
]

const evidenceOf = (db: Db, src: string, dst: string): unknown[] =>
  db
    .prepare(
      `SELECT rel_type, evidence, fact_id, detail FROM links_raw
       WHERE src_concept_id = ? AND dst_concept_id = ? ORDER BY rel_type, evidence, fact_id`,
    )
    .all(idOf(src), idOf(dst))

test('a named link and the fact that says it are two pieces of evidence for one candidate', async () => {
  const world = setup()
  await linkAll(world)
  expect(evidenceOf(world.db, 'Photosynthesis', 'Sunlight')).toEqual([
    {
      rel_type: 'depends_on',
      evidence: 'mention',
      fact_id: 'Photosynthesis 0',
      detail: '{"name":"sunlight","factCount":2,"cue":"requires"}',
    },
    {
      rel_type: 'depends_on',
      evidence: 'named',
      fact_id: 'Photosynthesis 0',
      detail: '{"name":"sunlight","factCount":2}',
    },
  ])
})

test('a name that nobody has, and the concept’s own, give no candidate and are counted', async () => {
  const { generated } = await linkAll(setup())
  expect(generated.named).toEqual({ resolved: 4, unresolved: 1, ambiguous: 0, self: 1 })
})

test('an alias resolves where one concept alone has it', async () => {
  const world = setup()
  await linkAll(world)
  expect(evidenceOf(world.db, 'Chlorophyll', 'Sunlight')).toMatchObject([{ evidence: 'named' }])
  const two = setup([
    ...WORLD,
    { name: 'Sunbeam', aliases: ['light of the sun'], facts: ['A sunbeam is bright.'] },
  ])
  expect((await linkAll(two)).generated.named.ambiguous).toBe(1)
  expect(evidenceOf(two.db, 'Chlorophyll', 'Sunlight')).toEqual([])
})

test('links lead to canonical concepts, from merged ones too', async () => {
  const world = setup([...WORLD, { name: 'Bee', facts: ['A bee needs flowers.'] }])
  await linkAll(world)
  expect(evidenceOf(world.db, 'Bee', 'Flower')).toMatchObject([
    { rel_type: 'depends_on', evidence: 'mention' },
  ])
  expect(evidenceOf(world.db, 'Bee', 'Flowers')).toEqual([])
})

test('of two opposite parts the better one stays, flagged, and the other is dropped with the reason', async () => {
  const world = setup()
  const { scored } = await linkAll(world)
  const rows = world.db
    .prepare(
      `SELECT src_concept_id AS src, is_kept, reason, flags FROM links_scored WHERE rel_type = 'part_of'`,
    )
    .all() as { src: string }[]
  expect(rows.find((row) => row.src === idOf('Petal'))).toMatchObject({
    is_kept: 1,
    reason: '',
    flags: '["both_directions"]',
  })
  expect(rows.find((row) => row.src === idOf('Flower'))).toMatchObject({
    is_kept: 0,
    reason: 'both_directions',
    flags: '[]',
  })
  expect(scored).toEqual({
    candidates: 4,
    kept: 3,
    dropped: { both_directions: 1 },
    flagged: 1,
    flags: { both_directions: 1 },
  })
})

test('a mention without explicit language gives no candidate', async () => {
  const world = setup([
    { name: 'Tea', facts: ['Tea is drunk with milk powder.'] },
    { name: 'Milk powder', facts: ['Milk powder keeps for years.'] },
  ])
  expect((await linkAll(world)).generated.evidence).toBe(0)
})

test('rare terms that two concepts share back a mention, from the concept that mentions', async () => {
  const world = setup([
    {
      name: 'Lasing threshold',
      facts: ['Metastable electrons amplify coherent photons beyond population inversion.'],
    },
    {
      name: 'Population inversion',
      facts: ['Metastable electrons outnumber others, so coherent photons multiply.'],
    },
  ])
  await linkAll(world)
  const evidence = evidenceOf(world.db, 'Lasing threshold', 'Population inversion')
  expect(evidence).toMatchObject([
    { rel_type: 'supports', evidence: 'mention' },
    { rel_type: 'supports', evidence: 'shared_terms' },
    { rel_type: 'supports', evidence: 'shared_terms' },
  ])
})

test('a second run changes nothing', async () => {
  const world = setup()
  const first = await linkAll(world)
  const before = rowsOf(world.db)
  expect(await linkAll(world)).toEqual(first)
  expect(rowsOf(world.db)).toEqual(before)
})

test('the order in which rows arrived does not matter', async () => {
  const [one, other] = [setup(), setup([...WORLD].reverse())]
  await linkAll(one)
  await linkAll(other)
  expect(rowsOf(other.db)).toEqual(rowsOf(one.db))
})

test('a fact whose text nobody has says nothing and stops nothing', async () => {
  const { db } = setup()
  const generated = await passXLinkGenerate.apply(db, { texts: textsOf(new Map()) })
  expect(generated).toMatchObject({ saidRelations: 0, named: { resolved: 4 } })
})

test('an empty field has no links', async () => {
  expect(await linkAll(setup([]))).toMatchObject({ generated: { evidence: 0 }, scored: { candidates: 0 } })
})
