/**
 * Reads every text once for what all of them together say: which terms are rare, how often names stand, and which
 * concepts have a fact that says a relation.
 *
 * Several threads may each read a share and add to one tally. It comes out the same whoever read which text: counts
 * are sums, and a term keeps its concepts only while they are few.
 */

import { sharedNumbers } from '../../language/shared-memory.ts'
import { createWordScanner } from '../../language/word-scanner.ts'
import { createFactOwners, type FactOwners, type OwnersData } from './fact-owners.ts'
import { createMentionIndex, type MentionData, type MentionIndex } from './mention-index.ts'
import { createRareTerms, RARE_TERM_LIMITS, roomForTerms, type TermMemory, termSlotOf } from './rare-terms.ts'
import { type ClauseNames, canSayRelation, createNameReader, relationsIn } from './read-mentions.ts'
import { createWordTraits } from './word-traits.ts'

/** What the names of all concepts must be known for, before a text can be read. */
export interface TextIndexes {
  readonly mentions: MentionIndex
  readonly owners: FactOwners
}

/** The same as plain data in shared memory, so that a thread takes it without a copy. */
export interface TextJob {
  readonly mentions: MentionData
  readonly owners: OwnersData
  readonly tally: TextTally
}

/** What the texts that were read say together, in memory that threads share. */
export interface TextTally {
  readonly terms: TermMemory
  /** By form of the mention index: member facts in which it stands. */
  readonly factCounts: Uint32Array
  /** By concept: 1 where a fact says a relation. */
  readonly saysRelation: Uint8Array
}

export interface TextReader {
  /** @param text of the fact; each fact comes to one reader and once */
  read(factId: string, text: string): void
}

/** Where nothing was read yet. */
export const roomForTally = (mentions: MentionIndex, conceptCount: number): TextTally => ({
  terms: roomForTerms(RARE_TERM_LIMITS),
  factCounts: sharedNumbers(mentions.claims.formCount),
  saysRelation: new Uint8Array(new SharedArrayBuffer(conceptCount)),
})

export const textJobOf = ({ mentions, owners }: TextIndexes, tally: TextTally): TextJob => ({
  mentions: mentions.data(),
  owners: owners.data,
  tally,
})

/** For one thread: words that it meets are added to a copy of its own. */
export const openTextJob = ({ mentions, owners, tally }: TextJob): TextReader =>
  createTextReader({ mentions: createMentionIndex(mentions), owners: createFactOwners(owners) }, tally)

export function createTextReader(
  { mentions, owners }: TextIndexes,
  { terms: memory, factCounts, saysRelation }: TextTally,
): TextReader {
  const scanner = createWordScanner(mentions.words)
  const reader = createNameReader(mentions, scanner)
  const terms = createRareTerms(RARE_TERM_LIMITS, memory)
  const termSlots = createWordTraits((word) => termSlotOf(mentions.words.at(word)))
  const noteTerms = (concepts: readonly number[]): void => {
    for (let at = 0; at < scanner.wordCount; at++) {
      const word = scanner.wordAt(at)
      const slot = termSlots.of(word)
      // Once a term is common its word counts as none.
      if (slot !== -1 && !terms.addAll(slot, concepts)) termSlots.set(word, -1)
    }
  }
  return {
    read(factId, text) {
      const concepts = owners.ownersOf(factId)
      if (concepts.length === 0) return
      const clauses = reader.read(text)
      noteTerms(concepts)
      countForms(clauses, concepts.length, factCounts)
      if (!clauses.some(canSayRelation)) return
      for (const no of concepts) {
        if (saysRelation[no] === 0 && relationsIn(clauses, no, mentions, reader).length > 0)
          Atomics.store(saysRelation, no, 1)
      }
    },
  }
}

/** A name counts once a fact, however often it stands there. */
function countForms(clauses: readonly ClauseNames[], concepts: number, factCounts: Uint32Array): void {
  const forms: number[] = []
  for (const { mentions } of clauses) {
    for (const { formNo } of mentions) {
      if (forms.includes(formNo)) continue
      forms.push(formNo)
      Atomics.add(factCounts, formNo, concepts)
    }
  }
}
