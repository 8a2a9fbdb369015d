import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Db } from '../../../db/open.ts'
import { settleTouched } from '../../../src/passes/10-plan/stage.ts'
import { firstClusterIdOf } from '../../support/cluster-id.ts'
import { factsOf, rowsOf, setup, type World } from './world.ts'

const fact = (factId: string, changes: object = {}) => ({
  fact_id: factId,
  text: `About ${factId}`,
  ...changes,
})
const facts = (...factIds: string[]) => factIds.map((factId) => fact(factId))

/** As PassX does: the first fact is the seed, the others are members or, after a `|`, context. */
function cluster({ corpus }: World, planNo: number, ...names: string[]): string {
  const [seed] = names
  const clusterId = firstClusterIdOf(seed!)
  corpus
    .prepare('INSERT INTO clusters VALUES (?, (SELECT fact_no FROM facts WHERE fact_id = ?), 0, ?)')
    .run(clusterId, seed, planNo)
  for (const [i, name] of names.entries()) {
    const standing = i === 0 ? 'seed' : name.startsWith('|') ? 'context' : 'member'
    const { fact_no } = corpus
      .prepare<[string], { fact_no: number }>('SELECT fact_no FROM facts WHERE fact_id = ?')
      .get(name.replace('|', ''))!
    corpus.prepare('INSERT INTO cluster_facts VALUES (?, ?, ?, ?)').run(clusterId, i, fact_no, standing)
    if (standing !== 'context') {
      corpus.prepare('INSERT INTO coverage VALUES (?, ?, ?, NULL)').run(fact_no, standing, clusterId)
    }
  }
  return clusterId
}

const coverageOf = ({ corpus }: World): Record<string, string> =>
  Object.fromEntries(
    corpus
      .prepare<[], { fact_id: string; said: string }>(
        `SELECT f.fact_id, CASE c.role WHEN 'duplicate' THEN 'follows ' || r.fact_id ELSE c.role END AS said
         FROM coverage c JOIN facts f USING (fact_no) LEFT JOIN facts r ON r.fact_no = c.representative_fact_no
         ORDER BY f.fact_id`,
      )
      .all()
      .map(({ fact_id, said }) => [fact_id, said]),
  )

const clustersOf = ({ corpus }: World): Record<string, string> =>
  Object.fromEntries(
    corpus
      .prepare<[], { seed: string; said: string }>(
        `SELECT s.fact_id AS seed, 'plan ' || c.plan_no || ':' ||
           (SELECT group_concat(said, '') FROM (
              SELECT ' ' || m.i || ' ' || f.fact_id AS said
              FROM cluster_facts m JOIN facts f USING (fact_no)
              WHERE m.cluster_id = c.cluster_id ORDER BY m.i)) AS said
         FROM clusters c JOIN facts s ON s.fact_no = c.seed_fact_no ORDER BY s.fact_id`,
      )
      .all()
      .map(({ seed, said }) => [seed, said]),
  )

const byKey = ({ corpus }: World, factIds: readonly string[]): string[] =>
  corpus
    .prepare<[], { fact_id: string }>('SELECT fact_id FROM facts ORDER BY key, fact_id')
    .all()
    .map((row) => row.fact_id)
    .filter((factId) => factIds.includes(factId))

/** Plan 1: a b c in one cluster, with e as context; d e in another. */
async function planned(): Promise<World> {
  const world = await setup()
  await world.take([await world.put('first.jsonl', facts('a', 'b', 'c', 'd', 'e'))])
  cluster(world, 1, 'a', 'b', 'c', '|e')
  cluster(world, 1, 'd', 'e')
  return world
}

const takeAgain = async (world: World, records: readonly object[], options = {}) =>
  world.take([await world.put('second.jsonl', records)], { planNo: 2, ...options })

describe('planning again', () => {
  test('with the same facts changes nothing but where they were read', async () => {
    const world = await planned()
    const before = { facts: factsOf(world.corpus), coverage: coverageOf(world), clusters: clustersOf(world) }
    expect(await takeAgain(world, facts('a', 'b', 'c', 'd', 'e'))).toMatchObject({ lines: 5, known: 5 })
    expect({
      facts: factsOf(world.corpus),
      coverage: coverageOf(world),
      clusters: clustersOf(world),
    }).toEqual(before)
  })

  test('with other facts adds them uncovered and removes none', async () => {
    const world = await planned()
    expect(await takeAgain(world, facts('x'))).toMatchObject({ added: 1, removed: 0, replaced: 0 })
    expect(factsOf(world.corpus)).toHaveLength(6)
    expect(coverageOf(world)).not.toHaveProperty('x')
    expect(Object.keys(coverageOf(world))).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('with a changed fact makes every cluster stale that shows it, as context too', async () => {
    const world = await planned()
    expect(await takeAgain(world, [fact('e', { text: 'new' })])).toMatchObject({ changed: 1 })
    expect(clustersOf(world)).toEqual({ a: 'plan 2: 0 a 1 b 2 c 3 e', d: 'plan 2: 0 d 1 e' })
    expect(coverageOf(world)).toMatchObject({ e: 'member' })
  })

  test('with a removed fact closes every cluster that shows it over the gap', async () => {
    const world = await planned()
    await takeAgain(world, [
      { fact_id: 'b', removed: true },
      { fact_id: 'e', removed: true },
    ])
    expect(clustersOf(world)).toEqual({ a: 'plan 2: 0 a 1 c', d: 'plan 2: 0 d' })
    expect(coverageOf(world)).toEqual({ a: 'seed', c: 'member', d: 'seed' })
    expect(factsOf(world.corpus)).toMatchObject([{}, { fact_id: 'b', state: 'removed' }, {}, {}, {}])
  })

  test('with a removed seed retires its cluster, and its members are to be covered again', async () => {
    const world = await planned()
    await takeAgain(world, [{ fact_id: 'a', removed: true }])
    expect(clustersOf(world)).toEqual({ d: 'plan 1: 0 d 1 e' })
    expect(coverageOf(world)).toEqual({ d: 'seed', e: 'member' })
    expect(world.corpus.prepare('SELECT cluster_id, plan_no, reason FROM retired').all()).toEqual([
      { cluster_id: firstClusterIdOf('a'), plan_no: 2, reason: 'seed removed' },
    ])
  })

  test('with a fact in another group takes it out of its cluster and leaves it live', async () => {
    const world = await planned()
    await takeAgain(world, [fact('b', { dup_group_id: 'g' })])
    expect(clustersOf(world).a).toBe('plan 2: 0 a 1 c 2 e')
    expect(coverageOf(world)).not.toHaveProperty('b')
    expect(world.corpus.prepare('SELECT difference FROM audit_coverage').get()).toEqual({ difference: 1 })
  })

  test('brings a removed fact back, uncovered', async () => {
    const world = await planned()
    await takeAgain(world, [{ fact_id: 'b', removed: true }])
    const third = await world.put('third.jsonl', facts('b'))
    expect(await world.take([third], { planNo: 3 })).toMatchObject({ added: 1, changed: 0 })
    expect(factsOf(world.corpus)[1]).toMatchObject({ fact_id: 'b', state: 'live' })
    expect(coverageOf(world)).not.toHaveProperty('b')
  })

  test('settles what a plan left that was given up', async () => {
    const world = await planned()
    const givenUp = takeAgain(world, [fact('b', { text: 'new' }), { text: '' }], { maxRefusedShare: 0 })
    await expect(givenUp).rejects.toMatchObject({ code: 'too_many_refused' })
    expect(clustersOf(world).a).toContain('plan 1')
    await world.take([await world.put('third.jsonl', facts('d'))], { planNo: 3 })
    expect(clustersOf(world).a).toContain('plan 3')
  })
})

describe('a replacing plan', () => {
  test('removes the facts that its inputs do not name, and says how many', async () => {
    const world = await planned()
    const summary = await takeAgain(world, facts('a', 'c', 'x'), { replace: true })
    expect(summary).toMatchObject({ known: 2, added: 1, removed: 0, replaced: 3 })
    expect(coverageOf(world)).toEqual({ a: 'seed', c: 'member' })
    expect(clustersOf(world)).toEqual({ a: 'plan 2: 0 a 1 c' })
  })

  test('is refused where the inputs hold no fact at all', async () => {
    const world = await planned()
    const path = await world.put('empty.jsonl', '')
    await expect(world.take([path], { planNo: 2, replace: true })).rejects.toThrow(/would remove everything/)
    expect(factsOf(world.corpus)).not.toContainEqual(expect.objectContaining({ state: 'removed' }))
  })

  test('says nothing about domains that it did not ask for', async () => {
    const world = await setup()
    const records = [fact('a', { domain: 'p' }), fact('b', { domain: 'p' }), fact('c', { domain: 'q' })]
    await world.take([await world.put('first.jsonl', records)])
    const summary = await takeAgain(world, records.slice(0, 1), { replace: true, domains: ['p'] })
    expect(summary).toMatchObject({ known: 1, replaced: 1 })
    expect(factsOf(world.corpus)).toMatchObject([{ state: 'live' }, { state: 'removed' }, { state: 'live' }])
  })

  test('removes nothing while a line could not be read: it could have named the fact', async () => {
    const world = await planned()
    const path = await world.put('second.jsonl', '{"fact_id":"a","text":"About a"}\nbad\n')
    const refused = world.take([path], { planNo: 2, replace: true })
    await expect(refused).rejects.toThrow(/none is allowed with --replace/)
    expect(factsOf(world.corpus)).not.toContainEqual(expect.objectContaining({ state: 'removed' }))
  })

  test('run twice removes no more', async () => {
    const world = await planned()
    await takeAgain(world, facts('a'), { replace: true })
    const rows = rowsOf(world.corpus)
    await takeAgain(world, facts('a'), { replace: true })
    expect(rowsOf(world.corpus)).toEqual(rows)
  })
})

describe('a frozen plan', () => {
  test.each([
    ['a changed fact', fact('b', { text: 'new' }), 'changes the fact "b"'],
    ['a removal', { fact_id: 'b', removed: true }, 'removes the fact "b"'],
    ['a fact that moves to another group', fact('b', { dup_group_id: 'g' }), 'changes the fact "b"'],
  ])('refuses %s before it writes anything', async (_, record, said) => {
    const world = await planned()
    const before = rowsOf(world.corpus)
    const frozen = takeAgain(world, [...facts('x', 'a'), record], { frozen: true })
    await expect(frozen).rejects.toMatchObject({
      code: 'plan_frozen',
      message: expect.stringContaining(said),
    })
    expect(rowsOf(world.corpus)).toEqual(before)
  })

  test('takes new facts, known ones and other sources', async () => {
    const world = await planned()
    const summary = await takeAgain(world, [fact('a', { source: 'elsewhere' }), ...facts('x')], {
      frozen: true,
    })
    expect(summary).toMatchObject({ known: 1, added: 1 })
  })

  test('goes on after it was broken off, although its own facts are there', async () => {
    const world = await planned()
    const records = [fact('x'), fact('x', { text: 'other' })]
    const broken = takeAgain(world, records, {
      frozen: true,
      onProgress: () => {
        throw new RangeError('broken off')
      },
    })
    await expect(broken).rejects.toThrow(RangeError)
    expect(await takeAgain(world, records, { frozen: true })).toMatchObject({ added: 1, refused: 1 })
  })

  test('contradicts a replacing one, and standard input', async () => {
    const world = await planned()
    await expect(takeAgain(world, [], { frozen: true, replace: true })).rejects.toMatchObject({
      code: 'usage',
    })
    await expect(world.take(['-'], { frozen: true })).rejects.toMatchObject({ code: 'usage' })
  })
})

describe('the facts of a group', () => {
  const grouped = (...factIds: string[]) => factIds.map((factId) => fact(factId, { dup_group_id: 'g' }))

  test('follow the one with the smallest key, which is left for PassX', async () => {
    const world = await setup()
    await world.take([await world.put('facts.jsonl', [...grouped('a', 'b', 'c'), fact('d')])])
    const [first, ...others] = byKey(world, ['a', 'b', 'c'])
    expect(coverageOf(world)).toEqual(Object.fromEntries(others.sort().map((id) => [id, `follows ${first}`])))
  })

  test('that come later follow the covered one, whatever their keys', async () => {
    for (const covered of ['a', 'b']) {
      const world = await setup()
      await world.take([await world.put('facts.jsonl', grouped(covered))])
      cluster(world, 1, covered)
      const later = covered === 'a' ? 'b' : 'a'
      await takeAgain(world, grouped(later))
      expect(coverageOf(world)).toEqual({ [covered]: 'seed', [later]: `follows ${covered}` })
    }
  })

  test('get another representative when theirs is removed or leaves the group', async () => {
    for (const leave of [{ removed: true }, { dup_group_id: 'h', text: 'About it' }]) {
      const world = await setup()
      await world.take([await world.put('facts.jsonl', grouped('a', 'b', 'c'))])
      const [first, second, third] = byKey(world, ['a', 'b', 'c']) as [string, string, string]
      cluster(world, 1, first)
      await takeAgain(world, [{ fact_id: first, ...leave }])
      expect(coverageOf(world)).toEqual({ [third]: `follows ${second}` })
    }
  })

  test('that are down to one follow nobody', async () => {
    const world = await setup()
    await world.take([await world.put('facts.jsonl', grouped('a', 'b'))])
    const [first] = byKey(world, ['a', 'b'])
    await takeAgain(world, [{ fact_id: first, removed: true }])
    expect(coverageOf(world)).toEqual({})
  })
})

describe('a group of two whose first speaker was covered', () => {
  /** The speaker is a member of the cluster of `s`, and the other one, with the smaller key, follows it. */
  async function paired() {
    const world = await setup()
    await world.take([await world.put('keys.jsonl', facts('a', 'b', 's'))])
    const [other, speaker] = byKey(world, ['a', 'b']) as [string, string]
    const grouped = await setup()
    await grouped.take([await grouped.put('first.jsonl', [fact(speaker, { dup_group_id: 'g' }), fact('s')])])
    cluster(grouped, 1, 's', speaker)
    await takeAgain(grouped, [fact(other, { dup_group_id: 'g' })])
    expect(coverageOf(grouped)).toMatchObject({ [other]: `follows ${speaker}` })
    return { world: grouped, speaker, other }
  }

  test('has nobody who follows when the speaker moves to another group', async () => {
    const { world, speaker } = await paired()
    await world.take([await world.put('third.jsonl', [fact(speaker, { dup_group_id: 'h' })])], { planNo: 3 })
    expect(coverageOf(world)).toEqual({ s: 'seed' })
  })

  test('is spoken for by the smaller key when the seed over the speaker is removed', async () => {
    const { world, speaker, other } = await paired()
    await world.take([await world.put('third.jsonl', [{ fact_id: 's', removed: true }])], { planNo: 3 })
    expect(coverageOf(world)).toEqual({ [speaker]: `follows ${other}` })
  })
})

/** What must hold of any corpus that was settled. */
function expectSound(corpus: Db): void {
  const faults = corpus
    .prepare(
      `SELECT 'covered but not live' AS fault, c.fact_no FROM coverage c JOIN facts f USING (fact_no)
         WHERE f.state <> 'live'
       UNION ALL SELECT 'follows nobody of its group', c.fact_no FROM coverage c JOIN facts f USING (fact_no)
         LEFT JOIN facts r ON r.fact_no = c.representative_fact_no AND r.state = 'live' AND r.dup_group_id = f.dup_group_id
         LEFT JOIN coverage rc ON rc.fact_no = r.fact_no
         WHERE c.role = 'duplicate' AND (r.fact_no IS NULL OR rc.role IS 'duplicate')
       UNION ALL SELECT 'second speaker of a group', f.fact_no FROM facts f
         WHERE f.state = 'live' AND f.fact_no NOT IN (SELECT fact_no FROM coverage WHERE role = 'duplicate')
         AND EXISTS (SELECT 1 FROM facts o WHERE o.dup_group_id = f.dup_group_id AND o.state = 'live'
           AND o.fact_no < f.fact_no AND o.fact_no NOT IN (SELECT fact_no FROM coverage WHERE role = 'duplicate'))
       UNION ALL SELECT 'gap before position', m.i FROM cluster_facts m
         WHERE m.i > 0 AND NOT EXISTS (SELECT 1 FROM cluster_facts p WHERE p.cluster_id = m.cluster_id AND p.i = m.i - 1)
       UNION ALL SELECT 'own fact of a cluster is not covered by it', m.fact_no FROM cluster_facts m
         LEFT JOIN coverage c ON c.fact_no = m.fact_no AND c.cluster_id = m.cluster_id
         WHERE m.standing <> 'context' AND c.fact_no IS NULL
       UNION ALL SELECT 'not settled', fact_no FROM touched WHERE is_settled = 0`,
    )
    .all()
  expect(faults).toEqual([])
}

test('whatever plans follow each other, groups have one speaker each and clusters no gaps', async () => {
  const factId = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  const record = fc.oneof(
    fc.record({ fact_id: factId, text: fc.constantFrom('x', 'y'), dup_group_id: fc.constantFrom('g', 'h') }),
    fc.record({ fact_id: factId, removed: fc.constant(true) }),
  )
  const plans = fc.array(fc.array(record, { maxLength: 8 }), { minLength: 2, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(plans, fc.boolean(), async (inputs, clustersAreLarge) => {
      const world = await setup()
      for (const [at, records] of inputs.entries()) {
        const planNo = at + 1
        await world.take([await world.put(`${planNo}.jsonl`, records)], { planNo })
        expectSound(world.corpus)
        const rows = rowsOf(world.corpus)
        settleTouched(world.corpus, planNo)
        expect(rowsOf(world.corpus)).toEqual(rows)
        const uncovered = world.corpus
          .prepare<[], { fact_id: string }>(
            "SELECT fact_id FROM facts WHERE state = 'live' AND fact_no NOT IN (SELECT fact_no FROM coverage) ORDER BY key",
          )
          .all()
          .map((row) => row.fact_id)
        if (clustersAreLarge && uncovered.length > 0) cluster(world, planNo, ...uncovered)
        else for (const factId of uncovered) cluster(world, planNo, factId)
        expect(world.corpus.prepare('SELECT difference FROM audit_coverage').get()).toEqual({ difference: 0 })
      }
    }),
    { numRuns: 40 },
  )
})
