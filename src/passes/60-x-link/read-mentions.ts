/** What one fact of a concept says of other concepts whose names stand in it. */
import type { WordScanner } from '../../language/word-scanner.ts'
import type { Mention, MentionIndex } from './mention-index.ts'
import { goesOnWith, isOpener, LONGEST_GAP, LONGEST_OPENING, relationBetween } from './relation-cues.ts'
import { createWordTraits } from './word-traits.ts'

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
  /** Whether a word there leaves what follows what the clause is about. */
  isOpenerAt(position: number): boolean
  /** Whether a name goes on with the word there. */
  goesOnAt(position: number): boolean
}

export function createNameReader(index: MentionIndex, scanner: WordScanner): NameReader {
  const openers = createWordTraits((word) => Number(isOpener(index.words.at(word))))
  const goingOn = createWordTraits((word) => Number(goesOnWith(index.words.at(word))))
  return {
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
    isOpenerAt: (position) => openers.of(scanner.wordAt(position)) === 1,
    goesOnAt: (position) => goingOn.of(scanner.wordAt(position)) === 1,
  }
}

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
  reader: NameReader,
): SaidRelation[] {
  const relations: SaidRelation[] = []
  for (const clause of clauses) {
    if (!canSayRelation(clause)) continue
    for (const [first, second] of candidatesOf(clause, reader)) {
      const relation = relationOf(clause, first, second, about, index, reader)
      if (relation !== undefined) relations.push(relation)
    }
  }
  return relations
}

/**
 * Pairs of names between which a relation may be said, by their places alone: what opens such a clause is short, and the
 * second name ends where it seems to. No string is made for the many pairs that are not such.
 */
function* candidatesOf(
  { start, end, mentions }: ClauseNames,
  { isOpenerAt, goesOnAt }: NameReader,
): Generator<[Mention, Mention]> {
  let opening = start
  for (const [at, first] of mentions.entries()) {
    if (first.start - start > LONGEST_OPENING) return
    for (; opening < first.start; opening++) if (!isOpenerAt(opening)) return
    for (let next = at + 1; next < mentions.length; next++) {
      const second = mentions[next]!
      if (second.start - first.end > LONGEST_GAP) break
      if (second.end === end || !goesOnAt(second.end)) yield [first, second]
    }
  }
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
  { end }: ClauseNames,
  first: Mention,
  second: Mention,
  about: number,
  { claims }: MentionIndex,
  { wordsBetween }: NameReader,
): SaidRelation | undefined {
  const [from, to] = [claims.ownerOf(first.formNo, about), claims.ownerOf(second.formNo, about)]
  if (from === undefined || to === undefined || from === to) return undefined
  if (from !== about && to !== about) return undefined
  const said = relationBetween(wordsBetween(first.end, second.start), () => wordsBetween(second.end, end))
  if (said === undefined) return undefined
  const { relType, isForward, cue } = said
  const formNo = from === about ? second.formNo : first.formNo
  return isForward
    ? { src: from, dst: to, relType, cue, formNo }
    : { src: to, dst: from, relType, cue, formNo }
}
