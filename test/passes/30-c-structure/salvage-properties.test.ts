import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Cluster } from '../../../schemas/cluster.ts'
import { MEMBER_ROLES, RELATION_TYPES, type Structure } from '../../../schemas/structure.ts'
import { judge } from '../../../src/runner/judge.ts'
import { clusterOf, task } from './tendril.ts'

const sentence = fc.constantFrom(
  'A tendril holds.',
  'A tendril requires light.',
  'A tendril is not a root.',
  'Peas climb.',
)
const cluster = fc.array(sentence, { minLength: 1, maxLength: 6 }).map((texts) => clusterOf(...texts))

/** Two positions beyond the largest cluster, so that unknown ones come up. */
const i = fc.nat({ max: 7 })
const support = fc.array(i, { maxLength: 5 })
const relType = fc.constantFrom(...RELATION_TYPES, 'refines', 'refines', 'eats')

const structure: fc.Arbitrary<Structure> = fc.record({
  concept: fc.record({
    name: fc.constantFrom('tendril', 'Tendrils', 'ivy', ''),
    gloss: fc.constant(''),
    aliases: fc.constant([]),
    canonical_i: i,
  }),
  members: fc.array(fc.record({ i, role: fc.constantFrom(...MEMBER_ROLES) }), { maxLength: 8 }),
  dropped: fc.array(fc.record({ i, reason: fc.constant('other') }), { maxLength: 6 }),
  relations: fc.array(fc.record({ src_i: i, dst_i: i, rel_type: relType, support_i_list: support }), {
    maxLength: 10,
  }),
  links: fc.array(fc.record({ name: fc.constant('root'), rel_type: relType, support_i_list: support }), {
    maxLength: 3,
  }),
})

const salvageOf = (given: Structure, item: Cluster) => task.salvage(given, item, task.validate(given, item))

const holds = (claim: (given: Structure, item: Cluster) => void): void =>
  fc.assert(fc.property(structure, cluster, claim), { numRuns: 2_000 })

test('a second salvage changes nothing', () => {
  holds((given, item) => {
    const { answer } = salvageOf(given, item)
    expect(salvageOf(answer, item)).toEqual({ answer, codes: [] })
  })
})

test('a code that was salvaged is not found again', () => {
  holds((given, item) => {
    const { answer, codes } = salvageOf(given, item)
    const left = task.validate(answer, item).map(({ code }) => code)
    expect(left.filter((code) => codes.includes(code))).toEqual([])
  })
})

test('salvage acts only on codes that are found, or that its own pruning brought up', () => {
  holds((given, item) => {
    const found = task.validate(given, item).map(({ code }) => code)
    const { codes } = salvageOf(given, item)
    if (found.length === 0) expect(codes).toEqual([])
    // Taking out one thing can lay bare another: a link whose only support went, a component that fell apart.
    const direct = ['member_unknown', 'member_repeated', 'member_unaccounted', 'relation_endpoint_dropped']
    for (const code of codes) if (direct.includes(code)) expect(found).toContain(code)
  })
})

test('after salvage every fact of the cluster is kept or dropped, once', () => {
  holds((given, item) => {
    const { answer } = salvageOf(given, item)
    const listed = [...answer.members, ...answer.dropped].map((entry) => entry.i)
    expect(listed.sort((a, b) => a - b)).toEqual(item.members.map((member) => member.i))
  })
})

test('salvage keeps nothing that the answer did not keep, and adds no relation and no link', () => {
  holds((given, item) => {
    const { answer } = salvageOf(given, item)
    const kept = new Set(given.members.map((member) => member.i))
    expect(answer.members.filter((member) => !kept.has(member.i))).toEqual([])
    const pairs = new Set(
      given.relations.flatMap(({ src_i, dst_i }) => [`${src_i} ${dst_i}`, `${dst_i} ${src_i}`]),
    )
    expect(answer.relations.filter(({ src_i, dst_i }) => !pairs.has(`${src_i} ${dst_i}`))).toEqual([])
    expect(answer.relations.length).toBeLessThanOrEqual(given.relations.length)
    expect(answer.links.length).toBeLessThanOrEqual(given.links.length)
  })
})

test('the judge never throws, and what it accepts has no findings left', () => {
  holds((given, item) => {
    const judgement = judge(task, item, { text: JSON.stringify(given), finishReason: 'stop' })
    if (judgement.verdict === 'bad') expect(judgement.findings.length).toBeGreaterThan(0)
    else expect(task.validate(judgement.answer, item)).toEqual([])
  })
})
