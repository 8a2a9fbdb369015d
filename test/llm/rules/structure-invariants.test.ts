/** What every answer of the rules must satisfy, whatever the facts: the validators of the structure pass demand it. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Cluster } from '../../../schemas/cluster.ts'
import { RELATION_TYPES, type Structure, structureSchema } from '../../../schemas/structure.ts'
import type { FactLine } from '../../../src/language/fact-lines.ts'
import { stemOf } from '../../../src/language/stem.ts'
import { wordsOf } from '../../../src/language/words.ts'
import { structureByRules } from '../../../src/llm/rules/structure-by-rules.ts'
import { validate } from '../../../src/passes/30-c-structure/validate.ts'

const realTexts = readFileSync(new URL('../../data/rules/mixed-facts.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { text: string }).text)

const NOUNS = [
  'a cell',
  'Cells',
  'the wall',
  'tissue',
  'an organ',
  'something',
  'X',
  'Z (also W)',
  'to move',
  'a/b',
]
const LINKING = [
  'is a kind of',
  'is',
  'is not',
  'is not a',
  'is part of',
  'contains',
  'requires',
  'causes',
  'means',
  'consists of',
  'is the opposite of',
  'is not only',
  'never needs',
  'can lead to',
  '/',
  ':',
  ', or',
  'that',
  'unless',
  'and',
  'of',
  'does not cause',
]
/** Small vocabulary, so that the facts of one cluster meet each other often, in circles too. */
const grammarText = fc
  .array(fc.oneof(fc.constantFrom(...NOUNS), fc.constantFrom(...LINKING)), { minLength: 1, maxLength: 7 })
  .map((parts) => parts.join(' '))
const clauseText = fc
  .tuple(fc.constantFrom(...NOUNS), fc.constantFrom(...LINKING), fc.constantFrom(...NOUNS))
  .map(([subject, verb, object]) => `${subject} ${verb} ${object}`)
/** Four names and the two relations that must not go round. */
const circularText = fc
  .tuple(
    fc.constantFrom('bix', 'dax', 'wug', 'zib'),
    fc.constantFrom('is a kind of', 'requires', 'is required for'),
    fc.constantFrom('bix', 'dax', 'wug', 'zib'),
  )
  .map((words) => words.join(' '))
const anyText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 })

const clusterOf = (text: fc.Arbitrary<string>): fc.Arbitrary<FactLine[]> =>
  fc
    .array(text, { minLength: 1, maxLength: 12 })
    .map((texts) => texts.map((line, i) => ({ i, domain: 'd', text: line })))

const CONTRADICTION =
  /\b(?:not|no|never|neither|nor|cannot|unless|opposite|reverse|converse|contradicts?|incompatible|opposed|antonym)\b|n't\b/iu
const DEPENDENCY = /\b(?:requir|need|depend|necessary|essential|prerequisite|rely|relies)/iu

function expectValid(facts: readonly FactLine[], structure: Structure): void {
  if (facts.some(({ text }) => wordsOf(text).length > 0))
    expect(validate(structure, asCluster(facts), RELATION_TYPES)).toEqual([])
  expect(() => structureSchema.parse(structure)).not.toThrow()
  const kept = new Set(structure.members.map(({ i }) => i))
  const accounted = [...kept, ...structure.dropped.map(({ i }) => i)].sort((one, other) => one - other)
  expect(accounted).toEqual(facts.map(({ i }) => i))
  expect(kept.has(structure.concept.canonical_i)).toBe(true)
  expectGroundedName(facts, kept, structure.concept.name)
  for (const { reason } of structure.dropped) expect(reason).not.toBe('')
  for (const relation of structure.relations) expectSoundRelation(facts, kept, relation)
  expect(reachedFrom(structure.concept.canonical_i, structure)).toEqual(kept)
  expect(hasCircle(structure)).toBe(false)
  for (const { name, support_i_list } of structure.links) {
    expect(name).not.toBe('')
    expect(support_i_list.length).toBeGreaterThan(0)
    for (const i of support_i_list) expect(kept.has(i)).toBe(true)
  }
}

const asCluster = (facts: readonly FactLine[]): Cluster => ({
  clusterId: 'c',
  seedFactId: '0',
  round: 0,
  domain: 'd',
  isLone: facts.length === 1,
  members: facts.map(({ i, domain, text }) => ({
    i,
    standing: i === 0 ? 'seed' : 'member',
    factId: String(i),
    dupGroupId: String(i),
    domain,
    text,
  })),
})

/** In whatever inflection, as the validator has it: "Cells" stands in "a cell". */
function expectGroundedName(facts: readonly FactLine[], kept: ReadonlySet<number>, name: string): void {
  expect(name.trim()).not.toBe('')
  const words = new Set(facts.filter(({ i }) => kept.has(i)).flatMap(({ text }) => wordsOf(text).map(stemOf)))
  if (words.size > 0) expect(wordsOf(name).some((word) => words.has(stemOf(word)))).toBe(true)
}

function expectSoundRelation(
  facts: readonly FactLine[],
  kept: ReadonlySet<number>,
  { src_i, dst_i, rel_type, support_i_list }: Structure['relations'][number],
): void {
  expect(src_i).not.toBe(dst_i)
  expect(RELATION_TYPES).toContain(rel_type)
  expect(support_i_list).toEqual([src_i, dst_i].sort((one, other) => one - other))
  for (const i of support_i_list) expect(kept.has(i)).toBe(true)
  const language = support_i_list.map((i) => facts.find((fact) => fact.i === i)!.text).join('\n')
  if (rel_type === 'contradicts') expect(language).toMatch(CONTRADICTION)
  if (rel_type === 'depends_on') expect(language).toMatch(DEPENDENCY)
}

function reachedFrom(start: number, { relations }: Structure): Set<number> {
  const reached = new Set([start])
  for (const at of reached)
    for (const { src_i, dst_i } of relations) {
      if (src_i === at) reached.add(dst_i)
      if (dst_i === at) reached.add(src_i)
    }
  return reached
}

function hasCircle({ relations }: Structure): boolean {
  const ordering = relations.filter(({ rel_type }) => rel_type === 'refines' || rel_type === 'depends_on')
  return ordering.some(({ src_i, dst_i }) => {
    const reached = new Set([dst_i])
    for (const at of reached) for (const edge of ordering) if (edge.src_i === at) reached.add(edge.dst_i)
    return reached.has(src_i)
  })
}

const KINDS: Array<[string, fc.Arbitrary<string>, number]> = [
  ['real', fc.constantFrom(...realTexts), 400],
  ['small-grammar', clauseText, 1_500],
  ['circular', circularText, 500],
  ['scrambled', grammarText, 800],
  ['arbitrary', anyText, 500],
]

test.each(KINDS)('every structure of %s facts satisfies the validators', (_kind, text, numRuns) => {
  fc.assert(
    fc.property(clusterOf(text), (facts) => expectValid(facts, structureByRules(facts))),
    { numRuns },
  )
})

test('neighbouring real facts give valid structures, each the same twice', () => {
  for (let at = 0; at + 12 <= realTexts.length; at += 6) {
    const facts = realTexts.slice(at, at + 12).map((text, i) => ({ i, domain: 'd', text }))
    const structure = structureByRules(facts)
    expectValid(facts, structure)
    expect(structureByRules(facts)).toEqual(structure)
  }
})

test('a cluster without facts is refused', () => {
  expect(() => structureByRules([])).toThrow(/at least its seed/u)
})
