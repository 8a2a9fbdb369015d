/**
 * A published field whose every row a test knows, made by the real merge from structures written by hand:
 *
 * - Ring: `ring-1` (definition) with `ring-2` (example), an edge `ring-2 refines ring-1`; `band-1` got there by its name
 * - Field: `field-1`, with an edge between concepts, `Field refines Ring`
 * - Prime: `prime-1` and `prime-2`, which one cluster calls its definitions, `prime-3` as a property;
 *   a cluster named it from `prime-4` too, which does not define it
 * - Vertex label and Vertex labels, which PassM' unites as near: `label-1`, `label-2`
 * - Archimedean order and Lack of infinitesimals, which PassM' unites by an alias: `order-1`, `order-2`
 * - `lost-1` was dropped by its cluster
 */
import { onTestFinished } from 'vitest'
import { evaluating } from '../../../db/queries/evaluating.ts'
import { configSchema } from '../../../schemas/config.ts'
import type { Structure } from '../../../schemas/structure.ts'
import { mergeField } from '../../../src/control/merge/merge.ts'
import { mergePlaceOf } from '../../../src/control/merge/merge-place-of.ts'
import { mergeSettingsOf } from '../../../src/control/merge/merge-settings.ts'
import { fieldNamed } from '../../../src/control/status/field-named.ts'
import { openField } from '../../../src/field/open-field.ts'
import { makeWorkspace, type PlannedGroup } from '../../support/hand-made-workspace.ts'

const GROUPS: readonly PlannedGroup[] = [
  [
    { factId: 'ring-1', text: 'A ring is a set with an addition and a multiplication.' },
    { factId: 'ring-2', text: 'The whole numbers are a ring.' },
    { factId: 'lost-1', text: 'Rings were studied by Dedekind.' },
  ],
  [{ factId: 'field-1', text: 'A field is a commutative ring with inverses.' }],
  [
    { factId: 'prime-1', text: 'A prime is a number with exactly two divisors and no more of them.' },
    { factId: 'prime-2', text: 'A prime is a number with exactly three divisors and no more of them.' },
    { factId: 'prime-3', text: 'There are infinitely many primes.' },
  ],
  [{ factId: 'prime-4', text: 'Every prime above two is odd.' }],
  [{ factId: 'band-1', text: 'A ring is a band of gold for a finger.' }],
  [
    {
      factId: 'label-1',
      text: 'A vertex label is a mark on a vertex so that no neighbour in the graph has the same.',
    },
  ],
  [
    {
      factId: 'label-2',
      text: 'Vertex labels: a mark on a vertex so that no neighbour in the graph has the same.',
    },
  ],
  [{ factId: 'order-1', text: 'An order is Archimedean if every element is below some whole number.' }],
  [{ factId: 'order-2', text: 'Without infinitesimals no element lies above all whole numbers.' }],
]

const structure = (name: string, gloss: string, more: Partial<Structure> = {}): Structure => ({
  concept: { name, gloss, aliases: [], canonical_i: 0 },
  members: [{ i: 0, role: 'definition' }],
  dropped: [],
  relations: [],
  links: [],
  ...more,
})

export const STRUCTURES: Readonly<Record<string, Structure>> = {
  'ring-1': structure('Ring', 'a set with an addition and a multiplication', {
    members: [
      { i: 0, role: 'definition' },
      { i: 1, role: 'example' },
    ],
    dropped: [{ i: 2, reason: 'about its history' }],
    relations: [{ src_i: 1, dst_i: 0, rel_type: 'refines', support_i_list: [0, 1] }],
  }),
  'field-1': structure('Field', 'a commutative ring with inverses', {
    links: [{ name: 'ring', rel_type: 'refines', support_i_list: [0] }],
  }),
  'prime-1': structure('Prime', 'a number with two divisors', {
    members: [
      { i: 0, role: 'definition' },
      { i: 1, role: 'definition' },
      { i: 2, role: 'property' },
    ],
    relations: [
      { src_i: 2, dst_i: 0, rel_type: 'supports', support_i_list: [0, 2] },
      { src_i: 1, dst_i: 0, rel_type: 'contradicts', support_i_list: [0, 1] },
    ],
  }),
  'prime-4': structure('Prime', 'odd if above two', { members: [{ i: 0, role: 'property' }] }),
  'band-1': structure('Ring', 'a band of gold'),
  'label-1': structure('Vertex label', 'a mark on a vertex'),
  'label-2': structure('Vertex labels', 'a mark on a vertex'),
  'order-1': structure('Archimedean order', 'every element is below some whole number', {
    concept: {
      name: 'Archimedean order',
      gloss: 'every element is below some whole number',
      aliases: ['lack of infinitesimals'],
      canonical_i: 0,
    },
  }),
  'order-2': structure('Lack of infinitesimals', 'every element is below some whole number'),
}

export const ALGEBRA_TAG = '20260102_040506'

/** @param structures some of them, for a field that is to grow */
export async function makeAlgebraWorkspace(structures: Readonly<Record<string, Structure>> = STRUCTURES) {
  const world = await makeWorkspace({ groups: GROUPS })
  onTestFinished(() => world.remove())
  for (const [seedFactId, answer] of Object.entries(structures)) world.accept(seedFactId, answer)
  await mergeAlgebra(world, '2026-01-02T04:05:06Z')
  return world
}

export const mergeAlgebra = (world: Awaited<ReturnType<typeof makeWorkspace>>, at: string) =>
  mergeField(mergePlaceOf(world.workspace), mergeSettingsOf(configSchema.parse({}), '0.0.0'), {
    overrideGates: [],
    allowPartial: false,
    now: new Date(at),
  })

/** Open for the length of the test. */
export async function openAlgebraField() {
  const { workspace } = await makeAlgebraWorkspace()
  const field = openField(fieldNamed(workspace, null).files.database, workspace.corpusPath)
  onTestFinished(() => field.close())
  return { field, reading: evaluating(field.db) }
}
