/** The default answer: a valid structure for the facts that a prompt ends with. */

interface FactLine {
  readonly i: number
  readonly text: string
}

/** @returns the lines after the last FACTS line of the last user message that has one */
export function factsOf(messages: readonly { role: string; content: string }[]): FactLine[] {
  for (const message of [...messages].reverse()) {
    if (message.role !== 'user') continue
    const lines = message.content.split('\n')
    const heading = lines.lastIndexOf('FACTS')
    if (heading >= 0) return lines.slice(heading + 1).flatMap(factOf)
  }
  return []
}

function factOf(line: string): FactLine[] {
  if (!line.startsWith('{')) return []
  const { i, text } = JSON.parse(line) as Partial<FactLine>
  return typeof i === 'number' && typeof text === 'string' ? [{ i, text }] : []
}

interface Relation {
  readonly src_i: number
  readonly dst_i: number
  readonly rel_type: string
  readonly support_i_list: readonly number[]
}

export interface Structure extends Readonly<Record<string, unknown>> {
  readonly relations?: readonly Relation[]
}

/** Every fact is kept and supports the first one; the concept is named by a word of the first one. */
export function structureOf(facts: readonly FactLine[]): Structure {
  const [seed, ...others] = facts
  if (seed === undefined) return { ok: true }
  return {
    concept: { name: nameIn(seed.text), gloss: seed.text, aliases: [], canonical_i: seed.i },
    members: facts.map(({ i }) => ({ i, role: i === seed.i ? 'definition' : 'property' })),
    dropped: [],
    relations: others.map(({ i }) => ({
      src_i: i,
      dst_i: seed.i,
      rel_type: 'supports',
      support_i_list: [seed.i, i],
    })),
    links: [],
  }
}

/** The relations refine, and the first of them also the other way round; sound where there is none. */
export function inACircle(structure: Structure): Structure {
  const relations = (structure.relations ?? []).map((relation) => ({ ...relation, rel_type: 'refines' }))
  const back = relations
    .slice(0, 1)
    .map(({ src_i, dst_i, ...rest }) => ({ ...rest, src_i: dst_i, dst_i: src_i }))
  return { ...structure, relations: [...relations, ...back] }
}

export const withMadeUpTypes = (structure: Structure): Structure => ({
  ...structure,
  relations: (structure.relations ?? []).map((relation) => ({ ...relation, rel_type: 'goes_with' })),
})

/** The longest word, the first of equals: long words are seldom function words. */
function nameIn(text: string): string {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [text]
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest))
}
