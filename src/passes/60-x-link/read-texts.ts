/**
 * Reads every text once for what all of them together say: which terms are rare, how often names stand, and which
 * concepts have a fact that says a relation.
 *
 * Several threads may each read a share. What they find adds up to the same whoever read which text: counts are sums,
 * and a term keeps its concepts only while they are few.
 */
import { createWordScanner } from '../../language/word-scanner.ts'
import { createFactOwners, type FactOwners, type OwnersData } from './fact-owners.ts'
import { createMentionIndex, type MentionData, type MentionIndex } from './mention-index.ts'
import { createRareTerms, RARE_TERM_LIMITS, type TermMemory, termSlotOf } from './rare-terms.ts'
import { type ClauseNames, canSayRelation, createNameReader, relationsIn } from './read-mentions.ts'
import { createWordTraits } from './word-traits.ts'

/** What the names of all concepts must be known for, before a text can be read. */
export interface TextIndexes {
  readonly mentions: MentionIndex
  readonly owners: FactOwners
  readonly conceptCount: number
}

/** The same as plain data in shared memory, so that a thread takes it without a copy. */
export interface TextJob {
  readonly mentions: MentionData
  readonly owners: OwnersData
  readonly conceptCount: number
}

/** What the texts that were read say together. */
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
  readonly tally: TextTally
}

export const textJobOf = ({ mentions, owners, conceptCount }: TextIndexes): TextJob => ({
  mentions: mentions.data(),
  owners: owners.data,
  conceptCount,
})

/** For one thread: words that it meets are added to a copy of its own. */
export const openTextJob = ({ mentions, owners, conceptCount }: TextJob): TextIndexes => ({
  mentions: createMentionIndex(mentions),
  owners: createFactOwners(owners),
  conceptCount,
})

export function createTextReader({ mentions, owners, conceptCount }: TextIndexes): TextReader {
  const scanner = createWordScanner(mentions.words)
  const reader = createNameReader(mentions, scanner)
  const terms = createRareTerms(RARE_TERM_LIMITS)
  const termSlots = createWordTraits((word) => termSlotOf(mentions.words.at(word)))
  const factCounts = new Uint32Array(mentions.claims.formCount)
  const saysRelation = new Uint8Array(conceptCount)
  const noteTerms = (concepts: readonly number[]): void => {
    for (let at = 0; at < scanner.wordCount; at++) {
      const word = scanner.wordAt(at)
      const slot = termSlots.of(word)
      // Once a term is common its word counts as none.
      if (slot !== -1 && !terms.addAll(slot, concepts)) termSlots.set(word, -1)
    }
  }
  return {
    tally: { terms: terms.memory, factCounts, saysRelation },
    read(factId, text) {
      const concepts = owners.ownersOf(factId)
      if (concepts.length === 0) return
      const clauses = reader.read(text)
      noteTerms(concepts)
      countForms(clauses, concepts.length, factCounts)
      if (!clauses.some(canSayRelation)) return
      for (const no of concepts) {
        if (saysRelation[no] === 0 && relationsIn(clauses, no, mentions, reader).length > 0)
          saysRelation[no] = 1
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
      factCounts[formNo]! += concepts
    }
  }
}

/** What several readers found, at least one, in the memory of the first. */
export function unitedTally([first, ...others]: readonly TextTally[]): TextTally {
  const terms = createRareTerms(RARE_TERM_LIMITS, first!.terms)
  const { factCounts, saysRelation } = first!
  for (const other of others) {
    terms.absorb(other.terms)
    for (let form = 0; form < factCounts.length; form++) factCounts[form]! += other.factCounts[form]!
    for (let no = 0; no < saysRelation.length; no++) saysRelation[no]! |= other.saysRelation[no]!
  }
  return first!
}
