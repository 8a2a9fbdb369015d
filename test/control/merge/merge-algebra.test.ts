import fc from 'fast-check'
import { expect, test } from 'vitest'
import { configSchema } from '../../../schemas/config.ts'
import { RELATION_TYPES } from '../../../schemas/structure.ts'
import { mergeField } from '../../../src/control/merge/merge.ts'
import type { MergePlace } from '../../../src/control/merge/merge-place.ts'
import { mergeSettingsOf } from '../../../src/control/merge/merge-settings.ts'
import { type MergeWorld, makeWorld, optionsOf, type Said } from './merge-world.ts'

/** Whole fields that a gate would block are compared too: only bytes count here. */
const ALL_GATES = ['ok_rate', 'keep_rate', 'field_shrinks', 'relation_shift_severe']
/** The real passes: they must keep the promise too. */
const SETTINGS = mergeSettingsOf(configSchema.parse({}), '0.0.0')
const RUNS = { numRuns: process.env.RFF_TEST_FULL ? 15 : 4 }

const names = ['Atom', 'atom', 'the ion', 'molecule', 'Ångström', 'naïve set', 'field (physics)', '陽子']
const fact = fc.integer({ min: 0, max: 15 }).map((n) => `f${n}`)
const relation = fc.tuple(fact, fc.constantFrom(...RELATION_TYPES), fact).filter(([a, , b]) => a !== b)

const saidOf = (seed: string): fc.Arbitrary<Said> =>
  fc.record({
    seed: fc.constant(seed),
    name: fc.constantFrom(...names),
    gloss: fc.constantFrom('', 'one gloss', 'another gloss'),
    aliases: fc.uniqueArray(fc.constantFrom('atoms', 'Ion', 'molecules', 'Atom'), { maxLength: 2 }),
    members: fc.uniqueArray(fact, { minLength: 1, maxLength: 5 }).chain((facts) =>
      fc
        .array(fc.constantFrom('definition', 'property', 'example', 'other'), {
          minLength: facts.length,
          maxLength: facts.length,
        })
        .map((roles) => Object.fromEntries(facts.map((factId, i) => [factId, roles[i]!]))),
    ),
    edges: fc.uniqueArray(relation, { maxLength: 4, selector: (edge) => edge.join() }),
    links: fc.uniqueArray(
      fc.tuple(fc.constantFrom(...RELATION_TYPES), fc.constantFrom('atom', 'molecule', 'ion')),
      { maxLength: 2, selector: (link) => link.join() },
    ),
  }) as fc.Arbitrary<Said>

/** Clusters, each with one of three shards. */
const clusters = fc
  .integer({ min: 1, max: 12 })
  .chain((count) =>
    fc.tuple(...Array.from({ length: count }, (_, n) => fc.tuple(fc.nat({ max: 2 }), saidOf(`seed${n}`)))),
  )
type Placed = readonly (readonly [number, Said])[]

/** Facts that name the concepts, so that links are found by mention too. */
const texts = [
  'an atom is a part of a molecule',
  'an ion is an atom with a charge',
  'a molecule depends on its atoms',
  'the naïve set is not an ion',
]

const newWorld = (): MergeWorld => {
  const world = makeWorld()
  world.facts(Array.from({ length: 16 }, (_, n) => ({ factId: `f${n}`, text: texts[n % texts.length]! })))
  return world
}

const fill = (world: MergeWorld, placed: Placed): void => {
  for (const shardNo of [0, 1, 2])
    world.shard(
      shardNo,
      placed.filter(([no]) => no === shardNo).map(([, said]) => said),
    )
}

async function digestOf(place: MergePlace): Promise<string> {
  const { manifest } = await mergeField(place, SETTINGS, optionsOf({ overrideGates: ALL_GATES }))
  return manifest.field_digest
}

async function inWorld<T>(act: (world: MergeWorld) => Promise<T>): Promise<T> {
  const world = newWorld()
  try {
    return await act(world)
  } finally {
    world.remove()
  }
}

const mergedAtOnce = (placed: Placed): Promise<string> =>
  inWorld((world) => {
    fill(world, placed)
    return digestOf(world.place)
  })

test('shards in any order, and the clusters in any shard, give the same digest', async () => {
  await fc.assert(
    fc.asyncProperty(
      clusters,
      fc.array(fc.nat({ max: 2 }), { minLength: 12, maxLength: 12 }),
      async (placed, other) => {
        const digest = await mergedAtOnce(placed)
        const reversed = await inWorld((world) => {
          fill(world, placed.map(([, said], i) => [other[i]!, said] as const).reverse())
          return digestOf(world.withShards([2, 0, 1]))
        })
        expect(reversed).toBe(digest)
      },
    ),
    RUNS,
  )
})

test('three parts merged one after another give the digest of one go', async () => {
  await fc.assert(
    fc.asyncProperty(clusters, async (placed) => {
      const digest = await mergedAtOnce(placed)
      const grown = await inWorld(async (world) => {
        fill(world, placed)
        let last = ''
        // A part is what one shard holds; the others are not there, so the base speaks for them.
        for (const shardNo of [1, 2, 0]) {
          if (last === '' && !placed.some(([no]) => no === shardNo)) continue
          last = await digestOf(world.withShards([shardNo]))
        }
        return last
      })
      expect(grown).toBe(digest)
    }),
    RUNS,
  )
})

test('clusters that become done later give the digest of one go', async () => {
  await fc.assert(
    fc.asyncProperty(clusters, fc.nat({ max: 11 }), async (placed, after) => {
      const digest = await mergedAtOnce(placed)
      const grown = await inWorld(async (world) => {
        fill(
          world,
          placed.map(
            ([no, said], i) => [no, i <= after ? said : { ...said, standing: 'todo' as const }] as const,
          ),
        )
        await digestOf(world.place)
        fill(world, placed)
        return digestOf(world.place)
      })
      expect(grown).toBe(digest)
    }),
    RUNS,
  )
})

test('merging twice changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(clusters, (placed) =>
      inWorld(async (world) => {
        fill(world, placed)
        const digest = await digestOf(world.place)
        const again = await mergeField(world.place, SETTINGS, optionsOf({ overrideGates: ALL_GATES }))
        expect(again).toMatchObject({ outcome: 'unchanged', manifest: { field_digest: digest } })
      }),
    ),
    RUNS,
  )
})

test('a cluster that said something else before leaves no trace in the digest', async () => {
  await fc.assert(
    fc.asyncProperty(clusters, saidOf('seed0'), async (placed, before) => {
      const digest = await mergedAtOnce(placed)
      const restructured = await inWorld(async (world) => {
        fill(world, [[placed[0]![0], before], ...placed.slice(1)])
        await digestOf(world.place)
        fill(world, placed)
        return digestOf(world.place)
      })
      expect(restructured).toBe(digest)
    }),
    RUNS,
  )
})

test('more shards than SQLite can attach at once give the digest of one shard', async () => {
  const said = Array.from({ length: 22 }, (_, n): Said => {
    const members = { [`f${n % 16}`]: 'definition', f1: 'property' } as const
    return { seed: `seed${n}`, name: names[n % names.length]!, members, links: [['part_of', 'molecule']] }
  })
  const spread = await inWorld(async (world) => {
    for (let shardNo = 0; shardNo < 11; shardNo++)
      world.shard(shardNo, said.slice(shardNo * 2, shardNo * 2 + 2))
    return digestOf(world.place)
  })
  expect(spread).toBe(await mergedAtOnce(said.map((one) => [0, one] as const)))
})
