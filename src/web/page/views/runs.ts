/** Runs and shards: a grid that fills, each shard in numbers, and the runs that were. */
import type { Overview, RunLine, Runs, ShardTile } from '../../../../schemas/page/overview.ts'
import { count, plural } from '../../../language/counted.ts'
import { get } from '../api.ts'
import { type Child, fill, h, said } from '../dom.ts'
import { dollars, moment, percent, rate } from '../format.ts'
import { type Column, card, failureNote, isAbort, note, pill, table } from '../parts.ts'
import { shardGrid } from '../shard-grid.ts'
import type { View } from '../view.ts'

export const runsView: View = {
  name: 'runs',
  title: 'Runs and shards',
  async render(root, { live, signal }) {
    const grid = h('div', {})
    const numbers = h('div', {})
    const runs = h('div', {})
    root.append(grid, numbers, runs)
    const stop = live.watch((overview) => {
      fill(grid, card('Shards', shardGrid(overview.shards, 'large'), legend()))
      fill(numbers, shardTable(overview))
    })
    signal.addEventListener('abort', stop)
    await showRuns(runs, signal)
  },
}

const legend = (): HTMLElement =>
  h(
    'ul.legend',
    {},
    h('li', {}, h('span.swatch.is-ok', {}), 'ok'),
    h('li', {}, h('span.swatch.is-bad', {}), 'in quarantine'),
    h('li', {}, h('span.swatch', {}), 'to do'),
    h('li', {}, h('span.swatch.is-held', {}), 'a process is at work'),
  )

const number = <Row>(heading: string, value: (row: Row) => Child): Column<Row> => ({
  heading,
  isNumber: true,
  cell: value,
})

type Numbers = NonNullable<ShardTile['census']>
const of =
  (show: (census: Numbers) => Child) =>
  ({ census }: ShardTile): Child =>
    census === null ? '–' : show(census)

const SHARD_COLUMNS: readonly Column<ShardTile>[] = [
  { heading: 'Shard', cell: ({ shardNo }) => shardNo },
  number(
    'Done',
    of(({ ok, quarantined, seeds }) => percent(ok + quarantined, seeds)),
  ),
  number(
    'To do',
    of(({ todo }) => count(todo)),
  ),
  number(
    'Sweep',
    of(({ sweep }) => count(sweep)),
  ),
  number(
    'In flight',
    of(({ inFlight }) => count(inFlight)),
  ),
  number(
    'Ok',
    of(({ ok }) => count(ok)),
  ),
  number(
    'Quarantine',
    of(({ quarantined }) => count(quarantined)),
  ),
  number(
    'Spent',
    of(({ microUsd }) => dollars(microUsd)),
  ),
  number('Speed', ({ clustersPerSecond }) => (clustersPerSecond === null ? '–' : rate(clustersPerSecond))),
  {
    heading: 'Held by',
    cell: ({ holder, isHolderAlive, trouble }) =>
      trouble !== null
        ? [pill('trouble', trouble.code), ' ', said(trouble.message)]
        : holder === null
          ? ''
          : [said(holder), isHolderAlive ? '' : ' (gone)'],
  },
]

const shardTable = ({ shards }: Overview): HTMLElement =>
  shards.length === 0
    ? note('Nothing is planned yet.')
    : card('In numbers', table('Shards in numbers', SHARD_COLUMNS, shards))

const RUN_COLUMNS: readonly Column<RunLine>[] = [
  { heading: 'Run', cell: ({ runTag }) => h('code', {}, runTag) },
  { heading: 'State', cell: ({ state }) => pill(state === 'open' ? 'live' : 'quiet', state) },
  { heading: 'Model', cell: ({ model }) => said(model) },
  { heading: 'Begun', cell: ({ createdAtMs }) => moment(createdAtMs) },
  { heading: 'Closed', cell: ({ closedAtMs }) => (closedAtMs === null ? '–' : moment(closedAtMs)) },
  { heading: 'Caps', cell: (run) => capsOf(run) },
]

function capsOf({ capMicroUsd, capTokens, capCalls }: RunLine): string {
  const caps = [
    capMicroUsd === null ? null : dollars(capMicroUsd),
    capTokens === null ? null : plural(capTokens, 'token'),
    capCalls === null ? null : plural(capCalls, 'call'),
  ].filter((cap) => cap !== null)
  return caps.length === 0 ? 'none' : caps.join(', ')
}

async function showRuns(container: HTMLElement, signal: AbortSignal): Promise<void> {
  const known: RunLine[] = []
  const load = async (before: number | null): Promise<void> => {
    try {
      const page = await get<Runs>('/runs', { before }, signal)
      known.push(...page.runs)
      const more = h('button.more', { type: 'button', 'data-key': 'more runs' }, 'Show more')
      more.addEventListener('click', () => void load(page.before))
      fill(
        container,
        card(
          'Runs',
          known.length === 0 ? note('No run was started yet.') : table('Runs', RUN_COLUMNS, known),
          page.before === null ? null : more,
        ),
      )
    } catch (cause) {
      if (!isAbort(cause)) fill(container, failureNote(cause))
    }
  }
  await load(null)
}
