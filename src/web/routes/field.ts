/** The field to read: search, a concept with what belongs to it page by page, the graph around it, a fact. */
import { Hono } from 'hono'
import type {
  ConceptPage,
  EdgePage,
  EvidencePage,
  FactPage,
  Indexing,
  MemberPage,
  Neighbourhood,
} from '../../../schemas/page/field.ts'
import { SEARCH_KINDS, type SearchResult } from '../../../schemas/search.ts'
import { meaningOf } from '../../control/embed/embed-query.ts'
import { WORDS_ALONE } from '../../field/search/meaning.ts'
import { search } from '../../field/search/search.ts'
import type { PageContext } from '../page-context.ts'
import { readNumber, readOneOf, readText } from '../read-query.ts'
import { conceptView, edgePage, evidencePage, memberPage } from '../views/concept.ts'
import { factView } from '../views/fact.ts'
import { neighbourhood } from '../views/neighbourhood.ts'

const HITS = 20
const HITS_MOST = 100

export function fieldRoutes({ withWorkspace, keeper, loadConfig, env, nowMs }: PageContext): Hono {
  return new Hono()
    .get('/search', (c) =>
      withWorkspace(async (workspace) => {
        const before = keeper.searchable(workspace)
        if (before.field === null) return c.json<Indexing>({ indexing: before.indexing }, 202)
        const text = c.req.query('q') ?? ''
        // A word that is half typed is not sent to anybody.
        const mayAsk = readOneOf(c, 'meaning', ['ask', 'known'], 'known') === 'ask'
        const kind = readOneOf(c, 'kind', SEARCH_KINDS, 'concepts')
        const asked = { text, kind, env, nowMs, mayAsk }
        const meaning = await meaningOf(workspace, loadConfig(), before.field, asked)
        // Another field may have been published while the model was asked.
        const { field, indexing } = keeper.searchable(workspace)
        if (field === null) return c.json<Indexing>({ indexing }, 202)
        const request = {
          text,
          kind,
          domain: readText(c, 'domain'),
          relation: readText(c, 'relation'),
          run: readText(c, 'run'),
          support: readText(c, 'support'),
          limit: Math.min(readNumber(c, 'limit') ?? HITS, HITS_MOST),
          skip: readNumber(c, 'skip') ?? 0,
        }
        return c.json<SearchResult>(search(field, request, field === before.field ? meaning : WORDS_ALONE))
      }),
    )
    .get('/concepts/:id', (c) =>
      withWorkspace((workspace) =>
        c.json<ConceptPage>(conceptView(keeper.published(workspace), c.req.param('id'))),
      ),
    )
    .get('/concepts/:id/members', (c) =>
      withWorkspace((workspace) =>
        c.json<MemberPage>(
          memberPage(keeper.published(workspace).field, c.req.param('id'), c.req.query('after') ?? ''),
        ),
      ),
    )
    .get('/concepts/:id/edges', (c) =>
      withWorkspace((workspace) =>
        c.json<EdgePage>(
          edgePage(
            keeper.published(workspace).field,
            c.req.param('id'),
            readOneOf(c, 'direction', ['out', 'in'], 'out'),
            readText(c, 'after'),
          ),
        ),
      ),
    )
    .get('/edges/:id/evidence', (c) =>
      withWorkspace((workspace) =>
        c.json<EvidencePage>(
          evidencePage(keeper.published(workspace).field, c.req.param('id'), readText(c, 'after')),
        ),
      ),
    )
    .get('/concepts/:id/neighbourhood', (c) =>
      withWorkspace((workspace) =>
        c.json<Neighbourhood>(neighbourhood(keeper.published(workspace).field, c.req.param('id'))),
      ),
    )
    .get('/facts/:id', (c) =>
      withWorkspace((workspace) => c.json<FactPage>(factView(workspace, c.req.param('id')))),
    )
}
