/** What the rest will cost. Reckoned when it is asked for: it counts the tokens of thousands of prompts. */
import type { EstimatePage } from '../../../../schemas/page/estimate.ts'
import { count, plural } from '../../../language/counted.ts'
import { get } from '../api.ts'
import { h, said } from '../dom.ts'
import { dollars, duration, short } from '../format.ts'
import { card, figure, loadInto, note, table } from '../parts.ts'
import type { View } from '../view.ts'

const HOUR_SECONDS = 3_600

export const estimateView: View = {
  name: 'estimate',
  title: 'Estimate',
  render(root, { signal, announce }) {
    const result = h('div', {})
    const button = h('button', { type: 'button' }, 'Reckon what is left')
    button.addEventListener('click', async () => {
      button.disabled = true
      result.replaceChildren(note('Counting the tokens of the prompts …'))
      await loadInto(result, signal, async () => {
        const found = await get<EstimatePage>('/estimate', {}, signal)
        announce('The estimate is there')
        return [figuresOf(found), lanesCard(found)]
      })
      button.disabled = false
    })
    root.append(
      h(
        'p',
        {},
        'With the models, prices and limits of the settings, and what earlier answers have told. Nothing is sent; ',
        h('code', {}, 'rff-shard estimate --ask'),
        ' pays for a sample first.',
      ),
      h('p', {}, button),
      result,
    )
  },
}

function figuresOf(found: EstimatePage): HTMLElement {
  const { microUsd, tokens, hours } = found
  return h(
    'div.figures',
    {},
    figure(
      'Dollars',
      microUsd === null ? 'no price known' : dollars(microUsd.mean),
      microUsd === null ? null : `${dollars(microUsd.low)} to ${dollars(microUsd.high)}`,
      found.batchMicroUsd === null ? null : `${dollars(found.batchMicroUsd)} in batches`,
    ),
    figure(
      'Calls',
      count(found.calls),
      `${plural(found.todo, 'cluster')} to do`,
      `${count(found.byRules)} by the built-in rules`,
    ),
    figure('Tokens', short(tokens.mean), `${short(tokens.low)} to ${short(tokens.high)}`),
    figure(
      'Time',
      hours === null ? '–' : duration(hours * HOUR_SECONDS),
      hours === null ? 'no limit is set' : 'at the limits of the settings',
    ),
  )
}

const lanesCard = ({ lanes, promptsCounted, isCountExact }: EstimatePage): HTMLElement =>
  card(
    'By lane',
    table(
      'Estimate by lane',
      [
        { heading: 'Lane', cell: ({ lane }) => lane },
        { heading: 'Model', cell: ({ reference }) => said(reference) },
        { heading: 'Calls', isNumber: true, cell: ({ calls }) => count(calls) },
        { heading: 'Prompt tokens', isNumber: true, cell: ({ promptTokens }) => count(promptTokens) },
        { heading: 'Answer tokens', isNumber: true, cell: ({ answerTokens }) => count(answerTokens.mean) },
        {
          heading: 'Dollars',
          isNumber: true,
          cell: ({ microUsd }) => (microUsd === null ? '–' : dollars(microUsd.mean)),
        },
        {
          heading: 'Told by',
          cell: ({ basis }) => (basis === 'history' ? 'earlier answers' : 'the longest answer allowed'),
        },
      ],
      lanes,
    ),
    note(
      `${plural(promptsCounted, 'prompt')} ${promptsCounted === 1 ? 'was' : 'were'} counted${isCountExact ? ', all of them exactly' : '; the rest follows from them'}.`,
    ),
  )
