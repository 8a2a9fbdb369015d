/** One fact: the line that it was read from, and what was made of it. */
import type { FactPage } from '../../../../schemas/page/field.ts'
import { count, plural } from '../../../language/counted.ts'
import { get } from '../api.ts'
import { type Child, h, link, said } from '../dom.ts'
import { spoken } from '../format.ts'
import { card, loadInto, note } from '../parts.ts'
import { conceptHref, factHref, type View } from '../view.ts'

export const factView: View = {
  name: 'fact',
  title: 'Fact',
  async render(root, { params, signal }) {
    await loadInto(root, signal, async () => {
      const fact = await get<FactPage>(`/facts/${encodeURIComponent(params[0] ?? '')}`, {}, signal)
      return [
        h('blockquote.fact-text', {}, said(fact.text)),
        h('div.columns.is-wide', {}, originCard(fact), conceptsCard(fact), clustersCard(fact)),
      ]
    })
  },
}

const pair = (name: string, value: Child): HTMLElement[] => [h('dt', {}, name), h('dd', {}, value)]

const originCard = (fact: FactPage): HTMLElement =>
  card(
    'Where it comes from',
    h(
      'dl.pairs',
      {},
      pair('id', h('code', {}, said(fact.factId))),
      pair('domain', said(fact.domain)),
      pair('source', said(fact.source)),
      pair('read from', said(fact.input)),
      pair('line', `${count(fact.lineNumber)}, at byte ${count(fact.byteOffset)}`),
      pair('is', `${fact.state}, ${fact.role ?? 'not covered by a plan yet'}`),
    ),
    fact.group.length === 0
      ? null
      : [
          h('h3', {}, `${plural(fact.group.length, 'other fact')} of its group`),
          h(
            'ul',
            {},
            fact.group.map(({ factId, text }) => h('li', {}, link(factHref(factId), {}, said(text)))),
          ),
        ],
  )

const conceptsCard = ({ concepts, supports }: FactPage): HTMLElement =>
  card(
    'What it tells',
    concepts.length === 0 && supports.length === 0
      ? note('It is in no concept of the published field.')
      : null,
    h(
      'ul',
      {},
      concepts.map(({ conceptId, name, role }) =>
        h('li', {}, `${role} of `, link(conceptHref(conceptId), {}, said(name))),
      ),
    ),
    supports.length === 0
      ? null
      : [
          h('h3', {}, 'Evidence for'),
          h(
            'ul',
            {},
            supports.map(({ srcName, relType, dstName }) =>
              h('li', {}, said(srcName), ` ${spoken(relType)} `, said(dstName)),
            ),
          ),
        ],
  )

const clustersCard = ({ clusters }: FactPage): HTMLElement =>
  card(
    'Clusters that show it',
    clusters.length === 0 ? note('None.') : null,
    h(
      'ul',
      {},
      clusters.map(({ clusterId, standing, shardNo, standsAt }) =>
        h(
          'li',
          {},
          h('code', {}, clusterId),
          ` as ${standing}, ${standsAt}${shardNo === null ? '' : `, shard ${shardNo}`}`,
        ),
      ),
    ),
  )
