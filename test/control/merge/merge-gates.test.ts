import { existsSync, readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { filesOf, readHealth, readManifest } from '../../../src/control/merge/field-files.ts'
import { mergeField } from '../../../src/control/merge/merge.ts'
import { MERGED, readPointer } from '../../../src/control/merge/pointers.ts'
import { stageAgain } from '../../../src/control/merge/stage-again.ts'
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

const many = (count: number, change: (n: number) => Partial<Said> = () => ({})): Said[] =>
  Array.from({ length: count }, (_, n) => ({ seed: `s${n}`, name: `name ${n}`, ...change(n) }))

const lastField = ({ place }: MergeWorld): { field_tag: string; state: string } =>
  place.control.prepare('SELECT field_tag, state FROM fields ORDER BY field_tag DESC LIMIT 1').get() as {
    field_tag: string
    state: string
  }

test('too many quarantined clusters block the field, after health.md says so', async () => {
  const world = setup()
  world.shard(
    0,
    many(40, (n) => (n === 7 ? { standing: 'quarantined' } : {})),
  )
  await expect(mergeField(world.place, settingsOf(), optionsOf())).rejects.toMatchObject({
    code: 'gate_failed',
    exitCode: 3,
    message: expect.stringContaining('ok_rate is 975000 millionths, expected at least 980000'),
  })
  const { field_tag, state } = lastField(world)
  const files = filesOf(world.place.fieldDir, field_tag)
  expect(state).toBe('blocked')
  expect(readPointer(world.place.currentDir, MERGED)).toBeNull()
  expect(readFileSync(files.healthPage, 'utf8')).toContain('**Blocked** by ok_rate.')
  expect(readManifest(files)).toMatchObject({ verdict: 'blocked', overrides: [] })
})

test('an overridden gate publishes, and the manifest is stamped with its name', async () => {
  const world = setup()
  world.shard(
    0,
    many(4, (n) => (n === 0 ? { standing: 'quarantined' } : {})),
  )
  const { manifest } = await mergeField(
    world.place,
    settingsOf(),
    optionsOf({ overrideGates: ['ok_rate', 'field_shrinks'] }),
  )
  expect(manifest).toMatchObject({ verdict: 'published', overrides: ['ok_rate'] })
})

test('a gate that nobody knows is refused before anything is built', async () => {
  const world = setup()
  world.shard(0, many(1))
  await expect(
    mergeField(world.place, settingsOf(), optionsOf({ overrideGates: ['ok_rat'] })),
  ).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('ok_rate') })
  await expect(
    mergeField(world.place, settingsOf({ gates: { ok_rat: {} } }), optionsOf()),
  ).rejects.toMatchObject({ code: 'config_invalid' })
  expect(existsSync(world.place.fieldDir)).toBe(false)
})

test('lone clusters that the rules answered are outside the ok rate', async () => {
  const world = setup()
  world.shard(0, [
    ...many(200, () => ({ isLone: true })),
    { seed: 'x', name: 'x', standing: 'quarantined' },
    { seed: 'y', name: 'y' },
  ])
  const failed = mergeField(world.place, settingsOf(), optionsOf())
  await expect(failed).rejects.toMatchObject({ message: expect.stringContaining('ok_rate is 500000') })
})

test('a large last run is judged alone, a small one together with all', async () => {
  const rates = async (lastRunClusters: number): Promise<number | null> => {
    const world = setup()
    world.shard(
      0,
      many(400, (n) =>
        n < lastRunClusters ? { runId: 2, ...(n < 3 ? { standing: 'quarantined' } : {}) } : {},
      ),
    )
    const { health } = await mergeField(world.place, settingsOf(), optionsOf({ overrideGates: ['ok_rate'] }))
    return health!.gates.find(({ name }) => name === 'ok_rate')!.observed_millionths
  }
  expect(await rates(99)).toBe(992_500)
  expect(await rates(100)).toBe(970_000)
})

test('a keep rate below half of the median of the last five blocks', async () => {
  const world = setup()
  const said = many(6, (n) => ({
    links: [
      ['refines', `name ${n + 1}`],
      ['causes', `name ${n + 2}`],
      ['part_of', `name ${n + 3}`],
    ],
  }))
  world.shard(0, said.slice(0, 5))
  await mergeField(world.place, settingsOf(), optionsOf())
  world.shard(0, said)
  const harsh = settingsOf({ dropped: 'refines', gates: { relation_shift_severe: { severity: 'info' } } })
  const half = await mergeField(world.place, harsh, optionsOf())
  expect(half.health!.past_keep_rates_millionths).toEqual([1_000_000])
  expect(half.health!.gates.find(({ name }) => name === 'keep_rate')).toMatchObject({ passed: true })

  world.shard(
    0,
    many(6, (n) => ({ links: [['refines', `name ${n + 1}`]] })),
  )
  await expect(mergeField(world.place, harsh, optionsOf())).rejects.toMatchObject({
    message: expect.stringContaining('keep_rate is 0 millionths, expected at least 500000'),
  })
})

test('a field that loses what was not retired is blocked; what was retired is no loss', async () => {
  const world = setup()
  const said = many(20)
  world.shard(0, said)
  await mergeField(world.place, settingsOf(), optionsOf())
  const retired = Object.fromEntries(said.slice(10).map(({ seed }) => [seed, 'fact removed']))
  world.shard(0, said.slice(0, 10), retired)
  const { health } = await mergeField(world.place, settingsOf(), optionsOf())
  expect(health!.against_base).toMatchObject({ concepts: -10, concepts_shrunk_millionths: 0 })

  world.shard(
    0,
    many(10, () => ({ name: 'all in one' })),
  )
  await expect(mergeField(world.place, settingsOf(), optionsOf())).rejects.toMatchObject({
    message: expect.stringContaining('field_shrinks is 900000'),
  })
})

test('other relation types than before are a shift that the gates see', async () => {
  const world = setup()
  const edged = (relType: string): Said[] =>
    many(4, (n) => ({
      members: { [`s${n}`]: 'definition', x: 'other' },
      edges: [[`s${n}`, relType, 'x']],
    }))
  world.shard(0, edged('refines'))
  await mergeField(world.place, settingsOf(), optionsOf())
  world.shard(0, edged('causes'))
  await expect(mergeField(world.place, settingsOf(), optionsOf())).rejects.toMatchObject({
    message: expect.stringContaining('relation_shift_severe is 1000000'),
  })
})

test('health.json holds the run and the field, and can be read back', async () => {
  const world = setup()
  world.shard(
    0,
    many(4, (n) => (n === 1 ? { standing: 'salvaged' } : { links: [['refines', 'name 0']] })),
  )
  const { fieldTag, health } = await mergeField(world.place, settingsOf(), optionsOf())
  expect(readHealth(filesOf(world.place.fieldDir, fieldTag))).toEqual(health)
  expect(health).toMatchObject({
    run: {
      all: {
        attempted: 4,
        ok: 4,
        salvaged: 1,
        salvage_rate_millionths: 250_000,
        micro_usd: 4_000,
        micro_usd_per_1000_ok: 1_000_000,
        latency: [{ model: 'm', answers: 4, p50_ms: 101, p95_ms: 103 }],
      },
    },
    field: { concepts: 4, edges: 2, lone_concepts: 1, components: 2, largest_component: 3, seeds: 4 },
  })
})

test('one stage again with other settings takes the place of the field, on its raw rows', async () => {
  const world = setup()
  world.shard(
    0,
    many(3, (n) => ({ links: [['refines', `name ${n + 1}`]] })),
  )
  const first = await mergeField(world.place, settingsOf(), optionsOf())
  const harsh = settingsOf({ dropped: 'refines' })
  const again = await stageAgain(
    'score',
    first.fieldTag,
    world.place,
    harsh,
    optionsOf({ overrideGates: ['keep_rate'] }),
  )
  expect(again.manifest).toMatchObject({
    staged_from: { field_tag: first.fieldTag, stage: 'score' },
    inputs: first.manifest.inputs,
    counts: { edges: 0, concepts: 3 },
    deltas: { edges: -2, raw_concepts: 0 },
  })
  expect(readPointer(world.place.currentDir, MERGED)).toBe(again.fieldTag)
  const back = await stageAgain('normalise', again.fieldTag, world.place, settingsOf(), optionsOf())
  expect(back.manifest.field_digest).toBe(first.manifest.field_digest)
})

test('a stage again on an older field lists what the newer one had besides, and the gates see the loss', async () => {
  const world = setup()
  world.shard(0, many(2))
  const older = await mergeField(world.place, settingsOf(), optionsOf())
  world.shard(0, many(4))
  await mergeField(world.place, settingsOf(), optionsOf())
  await expect(
    stageAgain('link', older.fieldTag, world.place, settingsOf(), optionsOf()),
  ).rejects.toMatchObject({ message: expect.stringContaining('field_shrinks is 500000') })
  await expect(
    stageAgain('link', '../elsewhere', world.place, settingsOf(), optionsOf()),
  ).rejects.toMatchObject({ code: 'usage' })
})
