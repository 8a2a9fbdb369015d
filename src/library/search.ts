import type { SearchKind } from '../../db/queries/search-reading.ts'
import type { SearchResult } from '../../schemas/search.ts'
import { environment } from '../config/load.ts'
import { meaningOf } from '../control/embed/embed-query.ts'
import { openIndexed } from '../control/search/open-indexed.ts'
import { WORDS_ALONE } from '../field/search/meaning.ts'
import { search as searchField } from '../field/search/search.ts'
import { inWorkspace, type Place } from './place.ts'

export interface SearchQuery extends Omit<Place, 'signal'> {
  /** What to look for; the best connected where it is empty. */
  readonly text: string
  /** Concepts if not given. */
  readonly kind?: SearchKind
  readonly domain?: string
  readonly relation?: string
  readonly run?: string
  /** So many clusters or more: one of the levels that `facets` offers. */
  readonly support?: number
  /** 20 if not given. */
  readonly limit?: number
  readonly skip?: number
  /** The published field if not given. */
  readonly fieldTag?: string
  /** By words alone: nothing is sent to a model. */
  readonly wordsOnly?: boolean
  /** Variables that hold the providers' keys; those of the process if not given. */
  readonly env?: Readonly<Record<string, string>>
}

const LIMIT = 20

/**
 * By words, and by meaning where the field is embedded; `label` says which. The index is made where there is none.
 *
 * @throws RffError workspace_missing, field_missing, config_invalid, not_found for a facet's value that is not there
 */
export const search = (query: SearchQuery): Promise<SearchResult> =>
  inWorkspace(query, 'use', async (workspace, config) => {
    const { text, kind = 'concepts', limit = LIMIT, skip = 0, support } = query
    const field = openIndexed(workspace, query.fieldTag ?? null, () => undefined)
    try {
      const asked = { text, kind, env: query.env ?? environment(), nowMs: Date.now, mayAsk: true }
      const meaning =
        query.wordsOnly === true ? WORDS_ALONE : await meaningOf(workspace, config, field, asked)
      const request = {
        ...{ text, kind, limit, skip },
        domain: query.domain ?? null,
        relation: query.relation ?? null,
        run: query.run ?? null,
        support: support === undefined ? null : String(support),
      }
      return searchField(field, request, meaning)
    } finally {
      field.close()
    }
  })
