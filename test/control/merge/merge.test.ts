import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { openDb } from '../../../db/open.ts'
import { conceptIdOf } from '../../../schemas/ids.ts'
import { filesOf } from '../../../src/control/merge/field-files.ts'
import { mergeField } from '../../../src/control/merge/merge.ts'
import { MERGED, readPointer } from '../../../src/control/merge/pointers.ts'
import { type MergeWorld, makeWorld, optionsOf, type Said, settingsOf } from './merge-world.ts'

const worlds: MergeWorld[] = []
const setup = (): MergeWorld => {
  const world = makeWorld()
  worlds.push(world)
  return world
}
afterEach(() => {
  for (const world of worlds.splice(0)) world.remove()
})

const atom: Said = {
  seed: 'a1',
  name: 'Atom',
  gloss: 'the smallest part of an element',
  aliases: ['atoms'],
  members: { a1: 'definition', a2: 'property' },
  edges: [['a2', 'refines', 'a1']],
  links: [['part_of', 'molecule']],
}
const molecule: Said = {
  seed: 'm1',
  name: 'molecule',
  members: { m1: 'definition', a1: 'example' },
  edges: [['a1', 'part_of', 'm1']],
}
const atomAgain: Said = {
  seed: 'a3',
  name: 'the atom',
  members: { a3: 'property', a1: 'definition', a2: 'definition' },
  edges: [['a2', 'refines', 'a1']],
  links: [['part_of', 'molecules']],
}
const ion: Said = { seed: 'i1', name: 'ion', aliases: ['atom'], links: [['part_of', 'molecule']] }

const read = <T>(world: MergeWorld, fieldTag: string, sql: string): T[] => {
  const db = openDb(filesOf(world.place.fieldDir, fieldTag).database, 'field', { mode: 'read' })
  const rows = db.prepare<[], T>(sql).all()
  db.close()
  return rows
}

test('a field has its concepts, members and edges with the clusters that support them', async () => {
  const world = setup()
  world.facts([{ factId: 'a1' }, { factId: 'copy', dupGroupId: 'a1' }])
  world.shard(0, [atom])
  world.shard(1, [molecule, atomAgain])
  const { outcome, fieldTag, manifest } = await mergeField(world.place, settingsOf(), optionsOf())

  expect(outcome).toBe('published')
  expect(readPointer(world.place.currentDir, MERGED)).toBe(fieldTag)
  expect(manifest.complete).toBe(true)
  expect(
    read(
      world,
      fieldTag,
      'SELECT name, gloss, support_count, member_count, edge_count FROM concepts ORDER BY name',
    ),
  ).toEqual([
    {
      name: 'Atom',
      gloss: 'the smallest part of an element',
      support_count: 2,
      member_count: 3,
      edge_count: 1,
    },
    { name: 'molecule', gloss: '', support_count: 1, member_count: 2, edge_count: 1 },
  ])
  expect(
    read(
      world,
      fieldTag,
      `SELECT fact_id, role, support_count, duplicate_count FROM members
       WHERE concept_id = '${conceptIdOf('atom', '')}' ORDER BY fact_id`,
    ),
  ).toEqual([
    { fact_id: 'a1', role: 'definition', support_count: 2, duplicate_count: 1 },
    { fact_id: 'a2', role: 'definition', support_count: 2, duplicate_count: 0 },
    { fact_id: 'a3', role: 'property', support_count: 1, duplicate_count: 0 },
  ])
  expect(
    read(world, fieldTag, 'SELECT rel_type, support_count FROM fact_edges ORDER BY src_fact_id, dst_fact_id'),
  ).toEqual([
    { rel_type: 'part_of', support_count: 1 },
    { rel_type: 'refines', support_count: 2 },
  ])
  expect(read(world, fieldTag, 'SELECT rel_type, support_count FROM edges')).toEqual([
    { rel_type: 'part_of', support_count: 1 },
  ])
  expect(read(world, fieldTag, 'SELECT * FROM audit_dangling')).toEqual([])
})

test('a published field is one file that words can be found in', async () => {
  const world = setup()
  world.shard(0, [atom])
  const { fieldTag } = await mergeField(world.place, settingsOf(), optionsOf())
  const { database } = filesOf(world.place.fieldDir, fieldTag)
  expect(existsSync(`${database}-wal`)).toBe(false)
  expect(readFileSync(database).subarray(18, 20)).toEqual(Buffer.from([1, 1])) // Not WAL: nothing beside it.
  expect(
    read(world, fieldTag, `SELECT name FROM concept_words WHERE concept_words MATCH 'smallest elements'`),
  ).toEqual([{ name: 'Atom' }])
})

test('united concepts share members, drop edges between each other and unite the support of parallel ones', async () => {
  const world = setup()
  world.shard(0, [atom, molecule, ion])
  const { fieldTag } = await mergeField(world.place, settingsOf(), optionsOf())
  expect(read(world, fieldTag, 'SELECT name FROM concepts ORDER BY name')).toHaveLength(2)
  expect(read(world, fieldTag, 'SELECT rel_type, support_count FROM edges')).toEqual([
    { rel_type: 'part_of', support_count: 2 },
  ])
  expect(
    read(world, fieldTag, `SELECT normalised_alias, origin FROM aliases ORDER BY normalised_alias`),
  ).toEqual([
    { normalised_alias: 'atom', origin: 'name' },
    { normalised_alias: 'atoms', origin: 'alias' },
    { normalised_alias: 'ion', origin: 'merged' },
    { normalised_alias: 'molecule', origin: 'name' },
  ])
})

test('merging again publishes nothing and leaves no second folder', async () => {
  const world = setup()
  world.shard(0, [atom])
  const first = await mergeField(world.place, settingsOf(), optionsOf())
  const again = await mergeField(world.place, settingsOf(), optionsOf())
  expect(again).toMatchObject({ outcome: 'unchanged', fieldTag: first.fieldTag })
  expect(again.manifest.field_digest).toBe(first.manifest.field_digest)
  const rows = world.place.control.prepare('SELECT field_tag FROM fields').all()
  expect(rows).toEqual([{ field_tag: first.fieldTag }])
})

test('a frontier that closes without a new row is published all the same, since the field is complete now', async () => {
  const world = setup()
  world.shard(0, [atom, { ...molecule, standing: 'todo' }])
  const open = await mergeField(world.place, settingsOf(), optionsOf())
  world.shard(0, [atom, { ...molecule, standing: 'quarantined' }])
  const closed = await mergeField(
    world.place,
    settingsOf({ gates: { ok_rate: { limit: 0.5 } } }),
    optionsOf(),
  )
  expect(open.manifest.complete).toBe(false)
  expect(closed).toMatchObject({ outcome: 'published', manifest: { complete: true } })
  expect(closed.manifest.field_digest).toBe(open.manifest.field_digest)
})

test('a structure that PassM has not written yet leaves the field incomplete', async () => {
  const world = setup()
  world.shard(0, [atom, { ...molecule, standing: 'unmaterialised' }])
  const { manifest } = await mergeField(world.place, settingsOf(), optionsOf())
  expect(manifest).toMatchObject({ complete: false, inputs: [{ unmaterialised: 1 }] })
})

test('what a shard took back, reopened or says otherwise is superseded with the reason', async () => {
  const world = setup()
  const [gone, stale, renamed, changed, kept] = ['gone', 'stale', 'renamed', 'changed', 'kept'].map(
    (seed): Said => ({ seed, name: `concept ${seed}`, members: { [seed]: 'definition', x: 'other' } }),
  )
  world.shard(0, [gone!, stale!, renamed!, changed!, kept!])
  await mergeField(world.place, settingsOf(), optionsOf())
  world.shard(
    0,
    [
      { ...stale!, standing: 'todo' },
      { ...renamed!, name: 'another' },
      { ...changed!, members: { changed: 'definition' } },
      kept!,
    ],
    { gone: 'fact removed' },
  )
  const { fieldTag, manifest } = await mergeField(world.place, settingsOf(), optionsOf())
  expect(read(world, fieldTag, 'SELECT name, reason FROM superseded ORDER BY name')).toEqual([
    { name: 'concept changed', reason: 'restructured' },
    { name: 'concept gone', reason: 'retired: fact removed' },
    { name: 'concept renamed', reason: `concept is now ${conceptIdOf('another', '')}` },
    { name: 'concept stale', reason: 'stale' },
  ])
  expect(read(world, fieldTag, 'SELECT name FROM concepts ORDER BY name')).toEqual([
    { name: 'another' },
    { name: 'concept changed' },
    { name: 'concept kept' },
  ])
  expect(manifest.deltas).toMatchObject({ concepts: -2, superseded: 4 })
})

test('the base speaks for clusters that no present shard knows', async () => {
  const world = setup()
  world.shard(0, [atom])
  world.shard(1, [molecule])
  const whole = await mergeField(world.place, settingsOf(), optionsOf())
  rmSync(join(world.dir, '1.sqlite'))
  await expect(mergeField(world.place, settingsOf(), optionsOf())).rejects.toMatchObject({
    code: 'shard_missing',
  })
  const partial = await mergeField(world.place, settingsOf(), optionsOf({ allowPartial: true }))
  expect(partial.manifest).toMatchObject({
    complete: false,
    set_aside: [{ shard_no: 1, code: 'shard_missing' }],
    field_digest: whole.manifest.field_digest,
  })
})

test('a shard that is damaged inside is set aside whole, under --allow-partial alone', async () => {
  const world = setup()
  const many = Array.from({ length: 400 }, (_, n): Said => ({ seed: `s${n}`, name: `name ${n}` }))
  world.shard(0, [atom])
  world.shard(1, many)
  truncateSync(join(world.dir, '1.sqlite'), 65_536)
  await expect(mergeField(world.place, settingsOf(), optionsOf())).rejects.toMatchObject({
    code: 'shard_damaged',
  })
  const { manifest } = await mergeField(world.place, settingsOf(), optionsOf({ allowPartial: true }))
  expect(manifest).toMatchObject({
    complete: false,
    counts: { concepts: 1 },
    set_aside: [{ shard_no: 1, code: 'shard_damaged' }],
  })
})

/** Of a page: its kind, and its number of rows, which then has rows that are not there. */
test.each([
  ['clusters', 0, 1],
  ['clusters', 3, 0],
  ['delta_members', 0, 1],
  ['delta_members', 3, 0],
  ['delta_concepts', 3, 0],
  ['done', 0, 1],
  ['attempts', 3, 0],
] as const)(
  'a bit turned in a page of %s (byte %i, bit %i) is said of its shard, and the others are merged where they may',
  async (table, byte, bit) => {
    const world = setup()
    world.shard(0, [atom])
    world.shard(1, [molecule])
    const path = join(world.dir, '1.sqlite')
    turnBit(path, pageOf(path, table) + byte, bit)
    await expect(mergeField(world.place, settingsOf(), optionsOf())).rejects.toMatchObject({
      code: 'shard_damaged',
      message: expect.stringMatching(/^shard 1: .*1\.sqlite: /),
    })
    const { manifest } = await mergeField(world.place, settingsOf(), optionsOf({ allowPartial: true }))
    expect(manifest).toMatchObject({
      complete: false,
      counts: { concepts: 1 },
      inputs: [{ shard_no: 0 }],
      set_aside: [{ shard_no: 1, code: 'shard_damaged' }],
    })
  },
)

test('a published field with a broken page is named, and no shard is blamed', async () => {
  const world = setup()
  world.shard(0, [atom])
  const { fieldTag } = await mergeField(world.place, settingsOf(), optionsOf())
  const path = join(world.place.fieldDir, fieldTag, 'field.sqlite')
  turnBit(path, pageOf(path, 'raw_concepts'), 1)
  world.shard(0, [molecule])
  await expect(
    mergeField(world.place, settingsOf(), optionsOf({ allowPartial: true })),
  ).rejects.toMatchObject({ code: 'shard_damaged', message: expect.stringContaining(path) })
})

/** Two shards, of which the second has a broken page that is read last of all. */
function setupDamaged(): MergeWorld {
  const world = setup()
  world.shard(0, [atom])
  world.shard(1, [molecule])
  const path = join(world.dir, '1.sqlite')
  turnBit(path, pageOf(path, 'attempts') + 3, 0)
  return world
}

test.each(['ENOSPC', 'SQLITE_BUSY', 'EACCES'])(
  'what no broken page brings about (%s) is told as it is, and no shard is left out for it',
  async (code) => {
    const { place } = setupDamaged()
    const failure = Object.assign(new Error('of the system'), { code })
    const failures = [failure] // gone by a second try
    const onProgress = () => {
      const met = failures.pop()
      if (met !== undefined) throw met
    }
    await expect(mergeField(place, settingsOf(), optionsOf({ allowPartial: true, onProgress }))).rejects.toBe(
      failure,
    )
  },
)

test('a refusal for a broken page has what failed first as its cause', async () => {
  const { place } = setupDamaged()
  const failure = new TypeError('a fault of ours')
  const onProgress = () => {
    throw failure
  }
  const refusal = await mergeField(place, settingsOf(), optionsOf({ onProgress })).catch((cause) => cause)
  expect([refusal.code, refusal.cause]).toEqual(['shard_damaged', failure])
})

test('a second try without a damaged shard still tells what the first one tidied up', async () => {
  const { place } = setupDamaged()
  mkdirSync(join(place.fieldDir, '20250101_000000'), { recursive: true })
  const { manifest, leftovers } = await mergeField(place, settingsOf(), optionsOf({ allowPartial: true }))
  expect(manifest.set_aside).toHaveLength(1)
  expect(leftovers).toEqual([{ fieldTag: '20250101_000000', action: 'removed' }])
})

function pageOf(path: string, table: string): number {
  const db = new Database(path, { readonly: true })
  const pageNo = db.prepare('SELECT min(pageno) FROM dbstat WHERE name = ?').pluck().get(table) as number
  db.close()
  return (pageNo - 1) * 4_096
}

function turnBit(path: string, byte: number, bit: number): void {
  const bytes = readFileSync(path)
  bytes[byte]! ^= 1 << bit
  writeFileSync(path, bytes)
}

test('a cluster that stands in two shard files is refused', async () => {
  const world = setup()
  world.shard(0, [atom])
  world.shard(1, [atom])
  await expect(mergeField(world.place, settingsOf(), optionsOf())).rejects.toMatchObject({
    code: 'plan_mismatch',
  })
  expect(readPointer(world.place.currentDir, MERGED)).toBeNull()
})

test('a field of nothing is refused and leaves nothing behind', async () => {
  const world = setup()
  world.shard(0, [{ ...atom, standing: 'todo' }])
  await expect(mergeField(world.place, settingsOf(), optionsOf())).rejects.toMatchObject({
    code: 'nothing_to_merge',
  })
  expect(world.place.control.prepare('SELECT * FROM fields').all()).toEqual([])
})

test('a merge that is called off before the swap publishes nothing and leaves nothing behind', async () => {
  const world = setup()
  world.shard(0, [atom])
  const abort = new AbortController()
  const options = optionsOf({
    signal: abort.signal,
    onProgress: (step) => {
      if (step === 'digest') abort.abort()
    },
  })
  await expect(mergeField(world.place, settingsOf(), options)).rejects.toMatchObject({ code: 'interrupted' })
  expect(readPointer(world.place.currentDir, MERGED)).toBeNull()
  expect(world.place.control.prepare('SELECT * FROM fields').all()).toEqual([])
})

test('a shard that is being written is read as it was committed, and its writer goes on', async () => {
  const world = setup()
  world.shard(0, [atom, molecule])
  const writer = openDb(join(world.dir, '0.sqlite'), 'shard', { mode: 'write' })
  writer.exec('BEGIN IMMEDIATE')
  writer.exec("DELETE FROM delta_members WHERE fact_id = 'a1'")
  let writtenBetween = 0
  const options = optionsOf({
    onProgress: (step) => {
      // The shards are read; the field is not done yet.
      if (step === 'merge') writer.exec('COMMIT')
      if (step === 'merge')
        writtenBetween = writer.prepare("DELETE FROM delta_members WHERE fact_id = 'a2'").run().changes
    },
  })
  const { manifest } = await mergeField(world.place, settingsOf(), options)
  expect(manifest.counts.raw_members).toBe(4)
  expect(writtenBetween).toBe(1)
  writer.close()
})
