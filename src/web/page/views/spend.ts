/** The money: against the cap, by model and lane, by day, and what it bought. */
import type { SpendPage } from '../../../../schemas/page/spend.ts'
import { count } from '../../../language/counted.ts'
import { get } from '../api.ts'
import { fill, h, said } from '../dom.ts'
import { dollars, percent, short } from '../format.ts'
import { bar, card, figure, loadInto, note, table } from '../parts.ts'
import { spendChart } from '../spend-chart.ts'
import type { View } from '../view.ts'

export const spendView: View = {
  name: 'spend',
  title: 'Spend',
  async render(root, { live, signal }) {
    const cap = h('div', {})
    const rest = h('div', {})
    root.append(cap, rest)
    const stop = live.watch(({ run }) =>
      fill(
        cap,
        run === null || run.capMicroUsd === null
          ? null
          : card(
              `Run ${run.runTag}`,
              bar(run.capMicroUsd, [{ kind: 'spent', label: 'spent', amount: run.spentMicroUsd }], 'Cap'),
              h(
                'p',
                {},
                `${dollars(run.spentMicroUsd)} of ${dollars(run.capMicroUsd)}, ${percent(run.spentMicroUsd, run.capMicroUsd)}; a call that would not fit is not sent.`,
              ),
            ),
      ),
    )
    signal.addEventListener('abort', stop)
    await loadInto(rest, signal, async () => {
      const spend = await get<SpendPage>('/spend', {}, signal)
      return [
        figuresOf(spend),
        dayCard(spend, signal),
        lineCard(spend),
        embeddingCard(spend),
        laneCard(spend),
      ]
    })
  },
}

function figuresOf(spend: SpendPage): HTMLElement {
  const tokens = spend.lines.reduce((sum, line) => sum + line.promptTokens + line.answerTokens, 0)
  const cached = spend.lines.reduce((sum, line) => sum + line.cachedTokens, 0)
  const prompt = spend.lines.reduce((sum, line) => sum + line.promptTokens, 0)
  const reused = spend.lines.reduce((sum, line) => sum + line.reused, 0)
  const { salvage } = spend
  return h(
    'div.figures',
    {},
    figure(
      'Spent in all',
      dollars(spend.microUsd),
      spend.unsettledMicroUsd === 0
        ? 'all of it settled'
        : `${dollars(spend.unsettledMicroUsd)} of it at worst case, not settled`,
    ),
    figure(
      'A thousand good clusters',
      spend.perThousandOkMicroUsd === null ? '–' : dollars(spend.perThousandOkMicroUsd),
      'of what models were paid',
    ),
    figure('Tokens', short(tokens), `${percent(cached, prompt)} of the prompts from the cache`),
    figure(
      'Not asked again',
      count(reused),
      'answers found in store',
      `${count(salvage.clusters)} saved by salvage${salvage.savedMicroUsd === null ? '' : `, ${dollars(salvage.savedMicroUsd)}`}`,
    ),
  )
}

function dayCard(spend: SpendPage, signal: AbortSignal): HTMLElement | null {
  const days = new Set(spend.days.map(({ day }) => day))
  if (days.size === 0) return null
  return card(
    'By day',
    days.size < 2 ? null : spendChart(spend.days, signal),
    table(
      'Spend by day',
      [
        { heading: 'Day (UTC)', cell: ({ day }) => day },
        { heading: 'Model', cell: ({ model }) => said(model) },
        { heading: 'Calls', isNumber: true, cell: ({ attempts }) => count(attempts) },
        { heading: 'Spent', isNumber: true, cell: ({ microUsd }) => dollars(microUsd) },
      ],
      [...spend.days].reverse(),
    ),
  )
}

const lineCard = ({ lines }: SpendPage): HTMLElement =>
  card(
    'By model and lane',
    lines.length === 0
      ? note('Nothing was asked yet.')
      : table(
          'Spend by model and lane',
          [
            { heading: 'Model', cell: ({ model }) => said(model) },
            { heading: 'Lane', cell: ({ lane }) => lane },
            { heading: 'Calls', isNumber: true, cell: ({ attempts }) => count(attempts) },
            { heading: 'From store', isNumber: true, cell: ({ reused }) => count(reused) },
            { heading: 'Prompt tokens', isNumber: true, cell: ({ promptTokens }) => count(promptTokens) },
            { heading: 'Answer tokens', isNumber: true, cell: ({ answerTokens }) => count(answerTokens) },
            { heading: 'Spent', isNumber: true, cell: ({ microUsd }) => dollars(microUsd) },
          ],
          lines,
        ),
  )

const embeddingCard = ({ embeddings }: SpendPage): HTMLElement | null =>
  embeddings.length === 0
    ? null
    : card(
        'Vectors for search, beside the runs',
        table(
          'Spend on vectors',
          [
            { heading: 'Model', cell: ({ provider, model }) => said(`${provider}/${model}`) },
            { heading: 'For', cell: ({ purpose }) => (purpose === 'build' ? 'the field' : 'queries') },
            { heading: 'State', cell: ({ state }) => state },
            { heading: 'Requests', isNumber: true, cell: ({ requests }) => count(requests) },
            { heading: 'Texts', isNumber: true, cell: ({ texts }) => count(texts) },
            { heading: 'Tokens', isNumber: true, cell: ({ tokens }) => count(tokens) },
            { heading: 'Spent', isNumber: true, cell: ({ microUsd }) => dollars(microUsd) },
          ],
          embeddings,
        ),
      )

const laneCard = ({ laneYields }: SpendPage): HTMLElement | null =>
  laneYields.length === 0
    ? null
    : card(
        'What each lane bought',
        table(
          'What each lane bought',
          [
            { heading: 'Lane', cell: ({ lane }) => lane },
            { heading: 'Clusters', isNumber: true, cell: ({ clusters }) => count(clusters) },
            { heading: 'Brought home', isNumber: true, cell: ({ clustersOk }) => count(clustersOk) },
            {
              heading: 'Share',
              isNumber: true,
              cell: ({ clusters, clustersOk }) => percent(clustersOk, clusters),
            },
            {
              heading: 'Each cost',
              isNumber: true,
              cell: ({ clustersOk, microUsd }) =>
                clustersOk === 0 ? '–' : dollars(Math.round(microUsd / clustersOk)),
            },
            { heading: 'Spent', isNumber: true, cell: ({ microUsd }) => dollars(microUsd) },
          ],
          laneYields,
        ),
      )
