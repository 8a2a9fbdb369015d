/** Which facts of a cluster are about its concept, how each hangs on the canonical one, and why the others go. */
import type { MemberRole } from '../../../schemas/structure.ts'
import type { Choice } from './choose-concept.ts'
import type { Claim } from './claims.ts'
import { denies, goesBeyond, overlaps, predicateStems, saysTheSame } from './compare.ts'
import type { Reading } from './read-fact.ts'
import { type Term, withoutDeterminers } from './term.ts'

/** A typed edge between two facts, by their positions. */
export interface Edge {
  readonly src: number
  readonly dst: number
  readonly relType: string
}

export interface Kept {
  readonly reading: Reading
  readonly role: MemberRole
  /** Whether the fact's own head is the concept. */
  readonly isAbout: boolean
  /** Ties the fact to one that was kept before it; null for the canonical fact alone. */
  readonly edge: Edge | null
}

export interface Membership {
  readonly kept: readonly Kept[]
  readonly dropped: ReadonlyArray<{ i: number; reason: string }>
}

type Verdict = Kept | { readonly reason: string }

/**
 * Every edge has an end at a fact kept before, so the kept facts are one tree and hang together by construction.
 * Two rounds: facts about the concept first, then those that explicit language ties to one of them.
 */
export function chooseMembers(readings: readonly Reading[], choice: Choice): Membership {
  const { canonical } = choice
  const kept: Kept[] = [{ reading: canonical, role: roleOf(canonical), isAbout: true, edge: null }]
  const dropped: Array<{ i: number; reason: string }> = []
  const others: Reading[] = []
  for (const reading of readings) {
    if (reading.i === canonical.i) continue
    const verdict = judgeByHead(reading, choice)
    if (verdict === null) others.push(reading)
    else if ('reason' in verdict) dropped.push({ i: reading.i, reason: verdict.reason })
    else kept.push(verdict)
  }
  const about = [...kept]
  for (const reading of others) {
    const tie = tieByClaim(reading, about, choice, kept)
    if (tie === null) dropped.push({ i: reading.i, reason: reasonFor(reading, choice) })
    else kept.push(tie)
  }
  return { kept, dropped }
}

/** @returns null where the fact's head is not the concept */
function judgeByHead(reading: Reading, choice: Choice): Verdict | null {
  const { canonical } = choice
  const tied = (relType: string, role: MemberRole): Kept => ({
    reading,
    role,
    isAbout: true,
    edge: { src: reading.i, dst: canonical.i, relType },
  })
  if (denies(reading, canonical)) return tied('contradicts', 'other')
  if (!isAbout(reading, choice)) return null
  if (saysTheSame(reading, canonical)) return tied('same_as', roleOf(reading))
  if (reading.shape !== 'definition' || canonical.shape !== 'definition')
    return tied('supports', roleOf(reading))
  const own = predicateStems(reading)
  const defining = predicateStems(canonical)
  if (!overlaps(own, defining)) return { reason: `another sense of "${canonical.head?.name ?? ''}"` }
  return tied(goesBeyond(own, defining) ? 'refines' : 'supports', 'definition')
}

/** One head is the other's head or alias; two facts that only share an alias may be neighbours, not the same thing. */
function isAbout(reading: Reading, { head, keys }: Choice): boolean {
  if (reading.head === null) return false
  if (reading.shape === 'fragment' && hasSubject(reading.text, head)) return true
  const heads = [reading.head, ...reading.otherHeads]
  return heads.some(({ key }) => keys.has(key)) || reading.aliases.some(({ key }) => key === head.key)
}

/**
 * Where no verb was known, the concept's own name shows where the subject ends: "the immune system attacks …" begins
 * with it, and a word in -s or -ed follows.
 */
function hasSubject(text: string, { name }: Term): boolean {
  const said = withoutDeterminers(text).toLowerCase()
  return (
    said.startsWith(`${name.toLowerCase()} `) && /^ [a-z]{2,}(?:[^s]s|ed) \S/u.test(said.slice(name.length))
  )
}

const namesOf = ({ head, otherHeads, aliases }: Reading): string[] =>
  head === null ? [] : [head.key, ...otherHeads.map(({ key }) => key), ...aliases.map(({ key }) => key)]

/** A fact on something else stays where one of the two names the other in a relation. */
function tieByClaim(
  reading: Reading,
  about: readonly Kept[],
  { canonical, keys }: Choice,
  kept: readonly Kept[],
): Kept | null {
  const inward = reading.claims.find(({ term }) => keys.has(term.key))
  if (inward !== undefined) {
    const edge = edgeOf(inward, reading.i, canonical.i)
    return { reading, role: ROLE_OF_NAMING[inward.relType], isAbout: false, edge }
  }
  const names = namesOf(reading)
  // One fact a named concept: a second one would be about it, or about a homonym.
  if (reading.shape === 'condition' || kept.some((one) => !one.isAbout && meets(one.reading, names)))
    return null
  for (const { reading: source } of about) {
    const outward = source.claims.find(({ term }) => names.includes(term.key))
    if (outward === undefined) continue
    const edge = edgeOf(outward, source.i, reading.i)
    return { reading, role: ROLE_OF_NAMED[outward.relType], isAbout: false, edge }
  }
  return null
}

const meets = (reading: Reading, names: readonly string[]): boolean =>
  namesOf(reading).some((key) => names.includes(key))

/** Two names of one thing do not make two facts say the same: what is known of one supports the other. */
export function edgeOf({ relType: claimed, direction }: Claim, speaker: number, named: number): Edge {
  const relType = claimed === 'same_as' ? 'supports' : claimed
  return direction === 'out' ? { src: speaker, dst: named, relType } : { src: named, dst: speaker, relType }
}

/** The role of a fact that names the concept, and of one that the concept's fact names. */
const ROLE_OF_NAMING: Record<Claim['relType'], MemberRole> = {
  refines: 'example',
  same_as: 'other',
  part_of: 'property',
  causes: 'condition',
  depends_on: 'consequence',
  contradicts: 'other',
}
const ROLE_OF_NAMED: Record<Claim['relType'], MemberRole> = {
  refines: 'other',
  same_as: 'other',
  part_of: 'property',
  causes: 'consequence',
  depends_on: 'condition',
  contradicts: 'other',
}

function roleOf({ shape }: Reading): MemberRole {
  if (shape === 'definition') return 'definition'
  return shape === 'condition' ? 'condition' : 'property'
}

function reasonFor({ head }: Reading, choice: Choice): string {
  if (head === null) return `names no concept of its own and is not tied to "${choice.head.name}"`
  const isInside =
    ` ${head.key} `.includes(` ${choice.head.key} `) || ` ${choice.head.key} `.includes(` ${head.key} `)
  return isInside
    ? `"${head.name}" shares words with "${choice.head.name}" but is another concept`
    : `about "${head.name}"`
}
