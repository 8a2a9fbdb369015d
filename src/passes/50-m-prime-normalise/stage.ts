/** Raw concepts to the map of canonical ones, with the merges that were refused. */

import type { Db } from '../../../db/open.ts'
import { conceptMapQueries } from '../../../db/queries/concept-map.ts'
import { withoutIndexes } from '../../../db/queries/field-building.ts'
import { type RawConcept, rawConceptQueries } from '../../../db/queries/raw-concepts.ts'
import { normaliseName } from '../../language/normalise-name.ts'
import { createTextPool, type TextPool } from '../../language/text-pool.ts'
import type { SetStage } from '../stage.ts'
import { glossWordsOf } from './gloss-likeness.ts'
import type { Profile, VetoReason } from './judge-pair.ts'
import {
  createNameIndex,
  type NamedConcept,
  type NameIndex,
  type Normalisation,
  normalise,
} from './normalise.ts'

export interface NormaliseSettings {
  /** Concepts of two domains never meet, whatever their names. */
  readonly keepDomainsApart: boolean
}

export interface NormaliseSummary {
  readonly concepts: number
  /** Concepts that now stand under another's id, by what brought them there. */
  readonly merged: Readonly<Record<'alias' | 'near', number>>
  readonly groups: number
  readonly largestGroup: number
  readonly vetoes: Readonly<Partial<Record<VetoReason, number>>>
  readonly ambiguousForms: number
  /** Memory of the index of names. */
  readonly indexBytes: number
}

export const passMPrime: SetStage<NormaliseSettings, NormaliseSummary> = {
  name: 'pass-m-prime',
  version: 1,
  apply: (db, settings) => db.transaction(() => decideAndStore(db, settings))(),
}

interface Everything {
  readonly index: NameIndex
  /** By number. */
  readonly ids: TextPool
  /** By number: domains with numbers of their own, in order of first sight. */
  readonly domainOf: readonly number[]
}

function decideAndStore(db: Db, { keepDomainsApart }: NormaliseSettings): NormaliseSummary {
  const raw = rawConceptQueries(db)
  const { index, ids, domainOf } = readAll(raw.all())
  const profileOf = (no: number): Profile => {
    const conceptId = ids.at(no)
    const concept = raw.find(conceptId)!
    return { ...namedFrom(concept), glosses: concept.glosses.map(glossWordsOf), ...raw.membersOf(conceptId) }
  }
  const areApart = (a: number, b: number): boolean => keepDomainsApart && domainOf[a] !== domainOf[b]
  const normalised = normalise(index, lastTwo(profileOf), areApart)
  const indexBytes = index.claims.bytes + ids.bytes
  return withoutIndexes(db, ['concept_map'], () => store(db, normalised, ids, indexBytes))
}

function readAll(concepts: Iterable<RawConcept>): Everything {
  const index = createNameIndex()
  const ids = createTextPool()
  const domainNos = new Map<string, number>()
  const domainOf: number[] = []
  for (const concept of concepts) {
    ids.add(concept.conceptId)
    index.add(namedFrom(concept))
    const domainNo = domainNos.get(concept.domain) ?? domainNos.size
    domainNos.set(concept.domain, domainNo)
    domainOf.push(domainNo)
  }
  return { index, ids, domainOf }
}

const namedFrom = ({ normalisedName, aliases, glosses }: RawConcept): NamedConcept => ({
  normalisedName,
  normalisedAliases: aliases.map(normaliseName),
  glosses,
})

/** Candidates come with one concept against many, so the last two profiles are nearly always one of them. */
function lastTwo(profileOf: (no: number) => Profile): (no: number) => Profile {
  let recent: { no: number; profile: Profile }[] = []
  return (no) => {
    const known = recent.find((entry) => entry.no === no)
    const profile = known?.profile ?? profileOf(no)
    recent = [{ no, profile }, ...recent.filter((entry) => entry.no !== no)].slice(0, 2)
    return profile
  }
}

function store(db: Db, { merges, vetoes, ambiguousForms }: Normalisation, ids: TextPool, indexBytes: number) {
  const tables = conceptMapQueries(db)
  tables.reset()
  const merged = { alias: 0, near: 0 }
  const groupSizes = new Map<number, number>()
  let largest = Math.min(1, ids.size)
  for (const { no, canonicalNo, reason, via } of merges) {
    if (reason === 'self') continue
    tables.map({ rawConceptId: ids.at(no), conceptId: ids.at(canonicalNo), reason, via })
    merged[reason]++
    const size = (groupSizes.get(canonicalNo) ?? 1) + 1
    groupSizes.set(canonicalNo, size)
    largest = Math.max(largest, size)
  }
  const vetoCounts: Partial<Record<VetoReason, number>> = {}
  for (const { a, b, reason, via } of vetoes) {
    tables.veto({ aConceptId: ids.at(a), bConceptId: ids.at(b), reason, via })
    vetoCounts[reason] = (vetoCounts[reason] ?? 0) + 1
  }
  return {
    concepts: ids.size,
    merged,
    groups: groupSizes.size,
    largestGroup: largest,
    vetoes: vetoCounts,
    ambiguousForms,
    indexBytes,
  }
}
