/** One concept: what it is, which facts belong to it, how it stands to others, and why. */
import type {
  ConceptPage,
  EdgePage,
  EvidencePage,
  MemberPage,
  SeenEdgeLine,
} from '../../../../schemas/page/field.ts'
import { plural } from '../../../language/counted.ts'
import { get } from '../api.ts'
import { h, link, said } from '../dom.ts'
import { spoken } from '../format.ts'
import { card, growing, loadInto, note, pill } from '../parts.ts'
import { conceptHref, factHref, type View, viewHref } from '../view.ts'
import { walkHitsByKey } from '../walk-hits-by-key.ts'

export const conceptView: View = {
  name: 'concept',
  title: 'Concept',
  async render(root, { params, signal }) {
    const conceptId = params[0] ?? ''
    walkHitsByKey(root, signal)
    await loadInto(root, signal, async () => {
      const concept = await get<ConceptPage>(path(conceptId), {}, signal)
      const heading = root.parentElement?.querySelector('h1')
      heading?.replaceChildren(said(concept.name))
      document.title = `${concept.name} · rff-shard`
      return [aboutConcept(concept), h('div.columns.is-wide', {}, edgesCard(concept), membersCard(concept))]
    })
  },
}

const path = (conceptId: string, part = ''): string => `/concepts/${encodeURIComponent(conceptId)}${part}`

function aboutConcept(concept: ConceptPage): HTMLElement {
  const { conceptId, gloss, domain, aliases, glosses, vetoes } = concept
  const others = aliases.filter(({ origin }) => origin !== 'name')
  return h(
    'section.concept-head',
    {},
    h('p.gloss', {}, said(gloss, 'no gloss')),
    h(
      'p.facts-line',
      {},
      said(domain),
      ` · ${plural(concept.edgeCount, 'edge')} · ${plural(concept.memberCount, 'member')} · said by ${plural(concept.supportCount, 'cluster')} · `,
      h('code', {}, conceptId),
    ),
    others.length === 0
      ? null
      : h(
          'p.aliases',
          {},
          'Also called ',
          others.map(({ alias, origin }, at) => [
            at === 0 ? null : ', ',
            h(
              'span',
              { title: origin === 'merged' ? 'a name that was united with this one' : 'an alias' },
              said(alias),
            ),
          ]),
        ),
    h('p', {}, link(viewHref('walk', conceptId), { class: 'button' }, 'Walk the graph from here')),
    glosses.length < 2
      ? null
      : h(
          'details',
          {},
          h('summary', {}, `${glosses.length} glosses were given`),
          h(
            'ul',
            {},
            glosses.map((one) => h('li', {}, said(one.gloss), ` (${plural(one.clusters, 'cluster')})`)),
          ),
        ),
    vetoes.length === 0
      ? null
      : h(
          'details',
          {},
          h('summary', {}, `${plural(vetoes.length, 'merge')} with another name refused`),
          h(
            'ul',
            {},
            vetoes.map(({ otherConceptId, via, reason }) =>
              h('li', {}, link(conceptHref(otherConceptId), {}, said(via)), ': ', said(reason)),
            ),
          ),
        ),
  )
}

function edgesCard({ conceptId, outgoing, incoming }: ConceptPage): HTMLElement {
  if (outgoing.edges.length + incoming.edges.length === 0)
    return card('Relations', note('No relation to another concept was found.'))
  return card(
    'Relations',
    edgeList('From here', conceptId, 'out', outgoing),
    edgeList('To here', conceptId, 'in', incoming),
  )
}

function edgeList(
  title: string,
  conceptId: string,
  direction: 'out' | 'in',
  first: EdgePage,
): HTMLElement | null {
  if (first.edges.length === 0) return null
  const list = h('ul.edges', {})
  return h(
    'div',
    {},
    h('h3', {}, title),
    growing(
      list,
      first,
      ({ edges }) => edges.map(edgeItem),
      ({ after }) => after,
      (after) => get<EdgePage>(path(conceptId, '/edges'), { direction, after }),
    ),
  )
}

function edgeItem(edge: SeenEdgeLine): HTMLElement {
  const evidence = h('div.evidence', { hidden: true, id: `evidence-${edge.edgeId}-${edge.direction}` })
  const why = h(
    'button.why',
    { type: 'button', 'aria-expanded': 'false', 'aria-controls': evidence.id },
    'why',
    h('span.unseen', {}, ` ${spoken(edge.relType)} ${edge.otherName}`),
  )
  why.addEventListener('click', () => {
    evidence.hidden = !evidence.hidden
    why.setAttribute('aria-expanded', String(!evidence.hidden))
    if (evidence.childElementCount === 0)
      void loadInto(evidence, new AbortController().signal, async () => [await evidenceList(edge.edgeId)])
  })
  const other = link(conceptHref(edge.otherId), { class: 'stop' }, said(edge.otherName))
  const type = h(`span.rel.rel-${edge.relType}`, {}, spoken(edge.relType))
  return h(
    'li',
    {},
    h(
      'div.edge-line',
      {},
      edge.direction === 'out' ? [type, ' ', other] : [other, ' ', type, ' this'],
      h('span.edge-support', {}, plural(edge.supportCount, 'cluster')),
      why,
    ),
    evidence,
  )
}

async function evidenceList(edgeId: string): Promise<HTMLElement> {
  const path = `/edges/${encodeURIComponent(edgeId)}/evidence`
  const first = await get<EvidencePage>(path)
  return growing(
    h('ul', {}),
    first,
    ({ evidence }) =>
      evidence.map((piece) =>
        h(
          'li',
          {},
          link(factHref(piece.factId), {}, said(piece.text, 'a fact that the corpus does not have any more')),
          h('span.hit-about', {}, piece.evidence.replaceAll('_', ' '), ' · ', said(piece.source)),
        ),
      ),
    ({ after }) => after,
    (after) => get<EvidencePage>(path, { after }),
  )
}

function membersCard({ conceptId, members, memberCount }: ConceptPage): HTMLElement {
  return card(
    plural(memberCount, 'member'),
    growing(
      h('ul.members', {}),
      members,
      (page) => page.members.map(memberItem),
      ({ after }) => after,
      (after) => get<MemberPage>(path(conceptId, '/members'), { after }),
    ),
  )
}

const memberItem = (member: MemberPage['members'][number]): HTMLElement =>
  h(
    'li',
    {},
    pill('quiet', member.role),
    h(
      'div',
      {},
      link(factHref(member.factId), {}, said(member.text, 'a fact that the corpus does not have any more')),
      h(
        'span.hit-about',
        {},
        said(member.source),
        member.duplicateCount === 0 ? null : ` · ${plural(member.duplicateCount, 'other fact')} say the same`,
      ),
    ),
  )
