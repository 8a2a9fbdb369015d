/** One fact, read alone: what it is about, under which names, and what it says in explicit language. */
import type { FactLine } from '../../language/fact-lines.ts'
import { aliasesOf } from './aliases.ts'
import { type Claim, claimsOf } from './claims.ts'
import { headsOf } from './head.ts'
import { type Shape, type Split, splitFact } from './split.ts'
import type { Term } from './term.ts'

export interface Reading {
  readonly i: number
  readonly text: string
  readonly shape: Shape
  /** What the fact is about; null where its subject only points elsewhere ("something", "it"). */
  readonly head: Term | null
  /** Other subjects of the same sentence ("erosion / storms can …"): not aliases, but facts about them are near. */
  readonly otherHeads: readonly Term[]
  readonly aliases: readonly Term[]
  /** What the head is said to be or do, without the verb; the whole text for a fragment. */
  readonly predicate: string
  readonly isNegated: boolean
  readonly claims: readonly Claim[]
}

export function readFact({ i, text }: FactLine): Reading {
  const split = splitFact(text)
  const example = asExample(split.subject)
  const { head, others } = headsIn(split, example !== null)
  return {
    i,
    text,
    shape: split.shape,
    head,
    otherHeads: others,
    aliases:
      head === null ? [] : aliasesOf(split.subject, split.asides, text).filter(({ key }) => key !== head.key),
    predicate: split.predicate === '' ? text : split.predicate,
    isNegated: split.isNegated,
    claims: example === null ? claimsOf(split).filter(({ term }) => term.key !== head?.key) : example,
  }
}

/** "There is a B that …" is about B, "an example of B is A" about A; any other fact about its subject. */
function headsIn({ subject, verb, predicate, shape }: Split, isExample: boolean): ReturnType<typeof headsOf> {
  if (/^there$/iu.test(subject) && EXISTING.has(verb)) return headsOf(predicate, 'fragment')
  return headsOf(isExample ? predicate : subject, shape)
}

const EXISTING: ReadonlySet<string> = new Set(['is', 'are', 'exists', 'exist'])

/** "An example of B is A" says of A that it refines B. */
function asExample(subject: string): Claim[] | null {
  const kind = /^an? example of (.+)$/iu.exec(subject)?.[1]
  const term = kind === undefined ? null : headsOf(kind, 'statement').head
  return term === null ? null : [{ relType: 'refines', direction: 'out', term }]
}
