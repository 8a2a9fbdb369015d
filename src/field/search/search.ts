/**
 * search: concepts or facts by words, and by meaning where the query's vector is given, with evidence, and with facets
 * that count what was found.
 *
 * The index gives its matches best connected first. Up to `RANKED_MOST` of them are ranked by how well they meet the
 * words; what is beyond is less connected than all of these, and the result says that there is more.
 */
import type { Candidate, SearchKind } from '../../../db/queries/search-reading.ts'
import type { SearchResult } from '../../../schemas/search.ts'
import { normaliseName } from '../../language/normalise-name.ts'
import { countFacets, marksOf } from './facets.ts'
import { fuse, type Hit } from './fuse.ts'
import { conceptHit, factHit } from './hits.ts'
import { type Meaning, usedOf, WORDS_ALONE } from './meaning.ts'
import { nearest } from './nearest.ts'
import type { SearchableField } from './open-search.ts'
import { asMatch, type QueryWord, queryWordsOf } from './query-words.ts'
import { rank, rarityOf } from './rank.ts'

/** On 1.5 million concepts a key pressed takes 18 ms at the median with so many; see bench/trials/page.ts. */
const RANKED_MOST = 1_000
/** Words that stand in more documents than this are all as common. */
const COUNTED_MOST = 10_000
const NAMESAKES_MOST = 50

export interface SearchRequest {
  readonly text: string
  readonly kind: SearchKind
  readonly domain: string | null
  readonly relation: string | null
  readonly run: string | null
  /** One of the levels that the facet offers. */
  readonly support: string | null
  readonly limit: number
  /** Hits of the ranking to leave out, for a second page. */
  readonly skip: number
}

/** @throws RffError not_found for a facet's value that the field does not have */
export function search(
  field: SearchableField,
  request: SearchRequest,
  meaning: Meaning = WORDS_ALONE,
): SearchResult {
  const words = queryWordsOf(request.text)
  const marks = marksOf(field.facets, request)
  const found = words.length === 0 ? leaders(field, request, marks) : matches(field, request, words, marks)
  const byWords = rank(found.candidates, words, raritiesOf(field, request.kind, words))
  const used = usedOf(field, request.kind, meaning)
  const hits =
    used.rankedBy === 'hybrid' && meaning.vector !== null && field.vectors.ok
      ? fuse(
          byWords,
          nearest(
            field,
            field.vectors.index,
            request.kind,
            meaning.vector,
            marks.length === 0 ? null : filterOf(marks),
          ),
        )
      : byWords.map((one): Hit => ({ ...one, foundBy: 'words' }))
  const shown = hits.slice(request.skip, request.skip + request.limit)
  const isWider = hits.length > byWords.length
  return {
    query: request.text,
    kind: request.kind,
    fieldTag: field.fieldTag,
    ...used,
    matched: found.matched,
    total: found.isEverything ? found.total : hits.length,
    isComplete: found.isComplete,
    concepts: request.kind === 'concepts' ? shown.map((one) => conceptHit(field, one, words)) : [],
    facts: request.kind === 'facts' ? shown.map((one) => factHit(field, one)) : [],
    facets: countFacets(
      field.facets,
      found.isEverything && !isWider ? request.kind : hits.map(({ candidate }) => candidate),
    ),
  }
}

interface Found {
  readonly candidates: readonly Candidate[]
  readonly matched: 'all' | 'some'
  readonly total: number
  readonly isComplete: boolean
  /** Nothing was asked for: the facets of the whole field are known beforehand. */
  readonly isEverything: boolean
}

function leaders({ search }: SearchableField, { kind }: SearchRequest, marks: readonly string[]): Found {
  if (marks.length === 0) {
    const candidates = search.leaders(kind, RANKED_MOST)
    return { candidates, matched: 'all', total: search.total(kind), isComplete: true, isEverything: true }
  }
  return foundBy(search.matching(kind, filterOf(marks), RANKED_MOST + 1), 'all')
}

function matches(
  { search }: SearchableField,
  { kind, text }: SearchRequest,
  words: readonly QueryWord[],
  marks: readonly string[],
): Found {
  const ask = (operator: 'AND' | 'OR'): Candidate[] => {
    const asked = `{words} : (${words.map(asMatch).join(` ${operator} `)})`
    const query = marks.length === 0 ? asked : `(${asked}) AND ${filterOf(marks)}`
    return search.matching(kind, query, RANKED_MOST + 1)
  }
  const all = ask('AND')
  const namesakes =
    kind === 'concepts' ? namesakesOf(search.named(normaliseName(text), NAMESAKES_MOST), marks, all) : []
  if (all.length + namesakes.length > 0 || words.length === 1) return foundBy([...namesakes, ...all], 'all')
  return foundBy(ask('OR'), 'some')
}

/** Concepts of the very name, also where more than are ranked are better connected. */
const namesakesOf = (
  named: readonly Candidate[],
  marks: readonly string[],
  known: readonly Candidate[],
): Candidate[] =>
  named.filter(
    ({ doc, marks: own }) =>
      marks.every((mark) => own.split(' ').includes(mark)) && !known.some((one) => one.doc === doc),
  )

function foundBy(candidates: readonly Candidate[], matched: Found['matched']): Found {
  const isComplete = candidates.length <= RANKED_MOST
  const kept = candidates.slice(0, RANKED_MOST)
  return { candidates: kept, matched, total: kept.length, isComplete, isEverything: false }
}

const filterOf = (marks: readonly string[]): string =>
  `{marks} : (${marks.map((mark) => `"${mark}"`).join(' AND ')})`

function raritiesOf({ search }: SearchableField, kind: SearchKind, words: readonly QueryWord[]): number[] {
  if (words.length < 2) return words.map(() => 1)
  const documents = search.total(kind)
  return words.map((word) =>
    rarityOf(search.countUpTo(kind, `{words} : (${asMatch(word)})`, COUNTED_MOST), documents),
  )
}
