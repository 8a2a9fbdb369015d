import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { madeUpWord } from '../../bench/generators/made-up-word.ts'
import { seededRandom } from '../../bench/generators/random.ts'
import { recombinedFacts } from '../../bench/generators/recombined-facts.ts'
import { writeCorpus } from '../../bench/generators/write-corpus.ts'
import { zipfFacts } from '../../bench/generators/zipf-facts.ts'
import { newFolder } from '../support/folder.ts'

const DEMO = new URL('../../demo/facts.jsonl', import.meta.url).pathname
const DEMO_FACTS = 1_659

test('random numbers are the same for the same seed, and spread over the whole range', () => {
  const [a, b, other] = [seededRandom(7), seededRandom(7), seededRandom(8)]
  const tenths = new Array<number>(10).fill(0)
  for (let draw = 0; draw < 10_000; draw++) {
    const value = a()
    expect(b()).toBe(value)
    tenths[Math.floor(value * 10)]!++
  }
  expect(other()).not.toBe(seededRandom(7)())
  for (const count of tenths) expect(count).toBeGreaterThan(900)
})

test('different numbers give different words', () => {
  const words = new Set(Array.from({ length: 50_000 }, (_, number) => madeUpWord(number * 1_999)))
  expect(words.size).toBe(50_000)
})

describe('Zipf facts', () => {
  const facts = [...zipfFacts(20_000, 1)]

  test('are the same for the same seed', () => {
    expect([...zipfFacts(20_000, 1)]).toEqual(facts)
    expect([...zipfFacts(100, 2)][0]).not.toEqual(facts[0])
  })

  test('have ids of their own and about 200 bytes a line', () => {
    expect(new Set(facts.map(({ fact_id }) => fact_id)).size).toBe(facts.length)
    const bytes = facts.reduce((sum, fact) => sum + JSON.stringify(fact).length + 1, 0)
    expect(bytes / facts.length).toBeGreaterThan(150)
    expect(bytes / facts.length).toBeLessThan(250)
  })

  test('use the first word about ten times as often as the tenth', () => {
    const uses = (number: number): number => {
      const word = new RegExp(`\\b${madeUpWord(number)}\\b`, 'gu')
      return facts.reduce((sum, { text }) => sum + (text.match(word)?.length ?? 0), 0)
    }
    const ratio = uses(0) / uses(9)
    expect(ratio).toBeGreaterThan(5)
    expect(ratio).toBeLessThan(15)
  })
})

describe('recombined facts', () => {
  const facts = [...recombinedFacts(DEMO, 5 * DEMO_FACTS)]

  test('begin with the real ones, word for word', () => {
    const real = readFileSync(DEMO, 'utf8').trimEnd().split('\n')
    expect(facts.slice(0, DEMO_FACTS).map((fact) => JSON.stringify(fact))).toEqual(
      real.map((line) => JSON.stringify(JSON.parse(line))),
    )
  })

  test('have ids of their own in every copy, and groups of duplicates as in the first', () => {
    expect(new Set(facts.map(({ fact_id }) => fact_id)).size).toBe(facts.length)
    const groups = (copy: number): number =>
      new Set(facts.slice(copy * DEMO_FACTS, (copy + 1) * DEMO_FACTS).map(({ dup_group_id }) => dup_group_id))
        .size
    expect(groups(2)).toBe(groups(0))
  })

  test('replace a word by the same one throughout a copy, and not by the same one in all', () => {
    const spelled = (copy: number): Set<string> =>
      new Set(
        facts.slice(copy * DEMO_FACTS, (copy + 1) * DEMO_FACTS).flatMap(({ text }, at) => {
          const real = facts[at]!.text
          const before = /^(.*)\bisomorphism\b/u.exec(real)
          return before === null ? [] : (text.split(/[ .]+/u)[before[1]!.split(' ').length - 1] ?? [])
        }),
      )
    expect(spelled(0)).toEqual(new Set(['isomorphism']))
    const copies = [1, 2, 3, 4].map(spelled)
    expect(copies.map(({ size }) => size)).toEqual([1, 1, 1, 1])
    expect(new Set(copies.flatMap((words) => [...words])).size).toBeGreaterThan(1)
  })

  test('leave the little words that sentences are made of', () => {
    const copies = facts.slice(DEMO_FACTS)
    const share =
      copies.filter(({ text }) => /\b(?:is|are|means|of|the)\b/u.test(text)).length / copies.length
    expect(share).toBeGreaterThan(0.9)
  })
})

test('a written corpus has a line for each fact, and says how many bytes it is', () => {
  const path = join(newFolder(), 'facts.jsonl')
  const bytes = writeCorpus(path, zipfFacts(8_000, 3))
  const written = readFileSync(path)
  expect(written.length).toBe(bytes)
  expect(
    written
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([...zipfFacts(8_000, 3)])
})
