/** What one fact of a concept says of other concepts whose names stand in it. */
import { clausesOf } from './clauses.ts'
import type { Mention, MentionIndex } from './mention-index.ts'
import { relationBetween } from './relation-cues.ts'

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

export interface FactReading {
  readonly relations: readonly SaidRelation[]
  readonly mentions: readonly BareMention[]
  /** Every form that stands in the fact, whosever it is, each once. */
  readonly formNos: readonly number[]
}

/** @param about the concept that the fact is a member of */
export function readMentions(text: string, about: number, index: MentionIndex): FactReading {
  const relations: SaidRelation[] = []
  const mentions = new Map<number, BareMention>()
  const formNos = new Set<number>()
  for (const words of clausesOf(text)) {
    const found = index
      .mentionsIn(words)
      .map((mention) => ({ ...mention, owner: ownerOf(mention, about, index) }))
    for (const { owner, formNo } of found) {
      formNos.add(formNo)
      if (owner === undefined || owner === about || mentions.has(owner)) continue
      mentions.set(owner, { conceptNo: owner, formNo })
    }
    for (const [at, first] of found.entries()) {
      for (const second of found.slice(at + 1)) {
        const relation = relationOf(words, first, second, about)
        if (relation !== undefined) relations.push(relation)
      }
    }
  }
  return {
    relations,
    mentions: [...mentions.values()].sort((a, b) => a.conceptNo - b.conceptNo),
    formNos: [...formNos],
  }
}

type Owned = Mention & { readonly owner: number | undefined }

/** The concept that the fact is about, if it has this name; else the only one that has it. */
function ownerOf({ formNo }: Mention, about: number, { claims }: MentionIndex): number | undefined {
  const owners = claims.claimantsOf(formNo).map((claim) => claim.owner)
  if (owners.includes(about)) return about
  return owners.length === 1 ? owners[0] : undefined
}

function relationOf(
  words: readonly string[],
  first: Owned,
  second: Owned,
  about: number,
): SaidRelation | undefined {
  if (first.owner === undefined || second.owner === undefined || first.owner === second.owner)
    return undefined
  if (first.owner !== about && second.owner !== about) return undefined
  const said = relationBetween(
    words.slice(0, first.start),
    words.slice(first.end, second.start),
    words.slice(second.end),
  )
  if (said === undefined) return undefined
  const { relType, isForward, cue } = said
  const formNo = first.owner === about ? second.formNo : first.formNo
  return isForward
    ? { src: first.owner, dst: second.owner, relType, cue, formNo }
    : { src: second.owner, dst: first.owner, relType, cue, formNo }
}
