/** What one fact of a concept says of other concepts whose names stand in it. */
import type { WordScanner } from '../../language/word-scanner.ts'
import type { Mention, MentionIndex } from './mention-index.ts'
import { goesOn, LONGEST_GAP, LONGEST_OPENING, opensClause, relationBetween } from './relation-cues.ts'

/** A relation that the fact says outright, between the concept it is about and another one. */
export interface SaidRelation {
  readonly src: number
  readonly dst: number
  readonly relType: string
  readonly cue: string
  /** The name of the other concept, as a form of the index. */
  readonly formNo: number
}

/** Another concept that the fact only names. */
export interface BareMention {
  readonly conceptNo: number
  readonly formNo: number
}

/** The names in one clause of a fact, left to right. */
export interface ClauseNames {
  /** Positions of the clause's first word and behind its last one. */
  readonly start: number
  readonly end: number
  readonly mentions: readonly Mention[]
}

export interface NameReader {
  /** The clauses of a text in which names stand. The scanner stays on this text. */
  read(text: string): ClauseNames[]
  /** The words of the text that was read last, by position. */
  wordsBetween(start: number, end: number): string[]
}

export const createNameReader = (index: MentionIndex, scanner: WordScanner): NameReader => ({
  read(text) {
    const count = scanner.scan(text)
    const clauses: ClauseNames[] = []
    for (let start = 0; start < count; ) {
      const end = scanner.endOfClause(start)
      const mentions = index.mentionsIn(scanner.wordAt, start, end)
      if (mentions.length > 0) clauses.push({ start, end, mentions })
      start = end
    }
    return clauses
  },
  wordsBetween: (start, end) =>
    Array.from({ length: end - start }, (_, at) => index.words.at(scanner.wordAt(start + at))),
})

type Owned = Mention & { readonly owner: number | undefined }

/** The concept that the fact is about, if it has this name; else the only one that has it. */
const owned = ({ mentions }: ClauseNames, about: number, { claims }: MentionIndex): Owned[] =>
  mentions.map((mention) => ({ ...mention, owner: claims.ownerOf(mention.formNo, about) }))

/** It takes two names. */
export const canSayRelation = ({ mentions }: ClauseNames): boolean => mentions.length > 1

/** @param about the concept that the fact is a member of, which has claims */
export function relationsIn(
  clauses: readonly ClauseNames[],
  about: number,
  index: MentionIndex,
  { wordsBetween }: Pick<NameReader, 'wordsBetween'>,
): SaidRelation[] {
  const relations: SaidRelation[] = []
  for (const clause of clauses) {
    if (!canSayRelation(clause)) continue
    const names = owned(clause, about, index)
    for (const [at, first] of names.entries()) {
      // Whatever opens a clause that says a relation is short.
      if (first.start - clause.start > LONGEST_OPENING) break
      for (const second of names.slice(at + 1)) {
        const relation = relationOf(clause, first, second, about, wordsBetween)
        if (relation !== undefined) relations.push(relation)
      }
    }
  }
  return relations
}

/** @returns the other concepts that are named, each by the name that comes first, ascending */
export function mentionsIn(
  clauses: readonly ClauseNames[],
  about: number,
  index: MentionIndex,
): BareMention[] {
  const mentions = new Map<number, BareMention>()
  for (const { owner, formNo } of clauses.flatMap((clause) => owned(clause, about, index))) {
    if (owner === undefined || owner === about || mentions.has(owner)) continue
    mentions.set(owner, { conceptNo: owner, formNo })
  }
  return [...mentions.values()].sort((a, b) => a.conceptNo - b.conceptNo)
}

function relationOf(
  { start, end }: ClauseNames,
  first: Owned,
  second: Owned,
  about: number,
  wordsBetween: NameReader['wordsBetween'],
): SaidRelation | undefined {
  if (first.owner === undefined || second.owner === undefined || first.owner === second.owner)
    return undefined
  if (first.owner !== about && second.owner !== about) return undefined
  if (second.start - first.end > LONGEST_GAP) return undefined
  // Most pairs end here, before a string is made of every word of the clause.
  const before = wordsBetween(start, first.start)
  if (!opensClause(before) || goesOn(wordsBetween(second.end, Math.min(end, second.end + 1))))
    return undefined
  const said = relationBetween(before, wordsBetween(first.end, second.start), wordsBetween(second.end, end))
  if (said === undefined) return undefined
  const { relType, isForward, cue } = said
  const formNo = first.owner === about ? second.formNo : first.formNo
  return isForward
    ? { src: first.owner, dst: second.owner, relType, cue, formNo }
    : { src: second.owner, dst: first.owner, relType, cue, formNo }
}
