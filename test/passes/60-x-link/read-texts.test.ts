import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFactOwners, roomForOwners } from '../../../src/passes/60-x-link/fact-owners.ts'
import { createMentionIndex } from '../../../src/passes/60-x-link/mention-index.ts'
import {
  createTextReader,
  openTextJob,
  roomForTally,
  type TextIndexes,
  textJobOf,
} from '../../../src/passes/60-x-link/read-texts.ts'

const NAMES = ['green alga', 'red alga', 'pigment', 'chloroplast', 'leaf']

/** Concept 0 is called NAMES[0] and so on; fact n belongs to the concepts whose numbers stand behind it. */
function setup(owners: readonly (readonly number[])[]): TextIndexes {
  const mentions = createMentionIndex()
  for (const [no, name] of NAMES.entries()) mentions.add(no, name, true)
  const table = createFactOwners(roomForOwners(owners.flat().length))
  for (const [fact, concepts] of owners.entries()) for (const no of concepts) table.add(`fact ${fact}`, no)
  return { mentions, owners: table }
}

const word = fc.constantFrom(
  ...NAMES,
  ...'contains requires causes is a kind of the unusual orbital feature résumé of Ångström, and'.split(' '),
)
const saying = fc
  .tuple(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES))
  .map(([one, other]) => `The ${one} contains the ${other}.`)
const facts = fc.array(
  fc.record({
    text: fc.oneof(
      saying,
      fc.array(word, { maxLength: 9 }).map((words) => words.join(' ')),
    ),
    owners: fc.uniqueArray(fc.nat(NAMES.length - 1), { maxLength: 4 }),
    reader: fc.nat(2),
  }),
  { maxLength: 24 },
)

test('texts say the same whether one reads all of them or several a share each', () => {
  let relations = 0
  fc.assert(
    fc.property(facts, (all) => {
      const indexes = setup(all.map(({ owners }) => owners))
      const united = roomForTally(indexes.mentions, NAMES.length)
      const job = textJobOf(indexes, united)
      const readers = [0, 1, 2].map(() => openTextJob(job))
      const tally = roomForTally(indexes.mentions, NAMES.length)
      const alone = createTextReader(setup(all.map(({ owners }) => owners)), tally)
      for (const [no, { text, reader }] of all.entries()) {
        readers[reader]!.read(`fact ${no}`, text)
        alone.read(`fact ${no}`, text)
      }
      relations += united.saysRelation.filter((says) => says === 1).length
      expect([...united.saysRelation]).toEqual([...tally.saysRelation])
      expect([...united.factCounts]).toEqual([...tally.factCounts])
      expect(metBy(united.terms)).toEqual(metBy(tally.terms))
    }),
    { numRuns: 12 }, // each has two tables of four million slots
  )
  expect(relations).toBeGreaterThan(0)
})

/** Terms that were met, with their concepts; of a common one nobody asks which. */
function metBy({ counts, concepts }: { counts: Uint8Array; concepts: Uint32Array }): unknown[] {
  const most = concepts.length / counts.length
  const met: unknown[] = []
  for (let slot = counts.findIndex((count) => count > 0); slot !== -1 && slot < counts.length; slot++) {
    const count = counts[slot]!
    if (count === 0) continue
    met.push([slot, count > most ? 'common' : [...concepts.slice(slot * most, slot * most + count)].sort()])
  }
  return met
}

test('a reader of a job writes nothing into what the others read', () => {
  const indexes = setup([[0], [1]])
  const job = textJobOf(indexes, roomForTally(indexes.mentions, NAMES.length))
  const before = bytesOf([job.mentions, job.owners])
  openTextJob(job).read('fact 0', 'Unheard words are a kind of leaf')
  openTextJob(job).read('a fact that nobody has', 'Others again')
  expect(bytesOf([job.mentions, job.owners])).toEqual(before)
})

/** A copy that shares no memory. */
function bytesOf(data: unknown): unknown {
  if (ArrayBuffer.isView(data)) return [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(Object.entries(data).map(([name, part]) => [name, bytesOf(part)]))
}
