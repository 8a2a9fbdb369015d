/** Is it well? What is done, what it costs, how long it takes, and what needs a person. */
import type { Overview } from '../../../../schemas/page/overview.ts'
import { count, isOrAre, plural } from '../../../language/counted.ts'
import { type Child, fill, h, link, said } from '../dom.ts'
import { dollars, duration, millionths, percent, rate } from '../format.ts'
import { bar, card, figure, note, pill } from '../parts.ts'
import { progressChart } from '../progress-chart.ts'
import { shardGrid } from '../shard-grid.ts'
import { type View, viewHref } from '../view.ts'

export const overviewView: View = {
  name: 'overview',
  title: 'Overview',
  render(root, { live, signal }) {
    const verdict = h('div', {})
    const figures = h('div.figures', {})
    const parts = h('div.columns', {})
    const chart = progressChart(signal)
    root.append(verdict, figures, chart.element, parts)
    const stop = live.watch((overview) => {
      fill(verdict, verdictOf(overview))
      fill(figures, figuresOf(overview))
      chart.show(overview.history)
      fill(parts, fieldCard(overview), shardsCard(overview), aroundCard(overview))
    })
    signal.addEventListener('abort', stop)
  },
}

function verdictOf({ alerts, run, totals, field }: Overview): HTMLElement {
  const troubles = alerts.filter(({ level }) => level === 'trouble').length
  const tone = troubles > 0 ? 'trouble' : alerts.length > 0 ? 'look' : 'ok'
  return h(
    `section.verdict.is-${tone}`,
    { 'aria-label': 'Is it well?' },
    h('p.verdict-word', {}, verdictWord(alerts.length, troubles)),
    h('p.verdict-about', {}, whatGoesOn(run, totals, field)),
    alerts.length === 0
      ? null
      : h(
          'ul.alerts',
          {},
          alerts.map(({ level, title, hint, view }) =>
            h(
              'li',
              {},
              pill(level, level === 'trouble' ? 'trouble' : 'look'),
              h('span.alert-title', {}, said(title)),
              h('span.alert-hint', {}, said(hint)),
              view === null ? null : link(viewHref(view), { 'data-key': `alert ${title}` }, `Open ${view}`),
            ),
          ),
        ),
  )
}

const verdictWord = (alerts: number, troubles: number): string =>
  troubles > 0
    ? `${plural(troubles, 'thing')} ${troubles === 1 ? 'needs' : 'need'} you`
    : alerts > 0
      ? 'It goes on; something is worth a look'
      : 'All is well'

function whatGoesOn(run: Overview['run'], totals: Overview['totals'], field: Overview['field']): string {
  if (totals.seeds === 0) return 'Nothing is planned yet: rff-shard plan FILE.'
  if (run === null)
    return `${plural(totals.seeds, 'cluster')} ${isOrAre(totals.seeds)} planned, and no run was started: rff-shard run.`
  if (run.isWorkedOn) return `Run ${run.runTag} is at work with ${run.model}.`
  if (totals.todo > 0)
    return `Run ${run.runTag} is ${run.state}, nobody works on it, ${count(totals.todo)} ${isOrAre(totals.todo)} to do.`
  return field === null
    ? `Run ${run.runTag} has done everything; rff-shard merge makes the field.`
    : `Run ${run.runTag} has done everything, and field ${field.fieldTag} is published.`
}

function figuresOf({ totals, run, clustersPerSecond, etaSeconds }: Overview): HTMLElement[] {
  const done = totals.ok + totals.quarantined
  return [
    figure(
      'Done',
      percent(done, totals.seeds),
      bar(
        totals.seeds,
        [
          { kind: 'ok', label: 'ok', amount: totals.ok },
          { kind: 'bad', label: 'in quarantine', amount: totals.quarantined },
          { kind: 'flight', label: 'in flight', amount: totals.inFlight },
        ],
        'Clusters',
      ),
      `${count(done)} of ${plural(totals.seeds, 'cluster')}`,
    ),
    figure(
      'Speed',
      clustersPerSecond === null ? '–' : rate(clustersPerSecond),
      etaSeconds === null
        ? totals.todo === 0
          ? 'nothing left to do'
          : 'nothing moves'
        : `${duration(etaSeconds)} to go`,
      `${count(totals.inFlight)} in flight, ${count(totals.todo)} to do`,
    ),
    spendFigure(run, totals),
    figure(
      'Good',
      percent(totals.ok, done),
      `${count(totals.ok)} ok`,
      link(
        viewHref('quarantine'),
        { 'data-key': 'to quarantine' },
        `${count(totals.quarantined)} in quarantine`,
      ),
    ),
  ]
}

function spendFigure(run: Overview['run'], totals: Overview['totals']): HTMLElement {
  if (run === null || run.capMicroUsd === null)
    return figure(
      'Spent',
      dollars(run?.spentMicroUsd ?? totals.microUsd),
      run === null ? 'no run yet' : 'this run has no dollar cap',
      run === null ? null : `${plural(run.spentCalls, 'call')}, ${plural(run.spentTokens, 'token')}`,
    )
  return figure(
    'Spent',
    dollars(run.spentMicroUsd),
    bar(run.capMicroUsd, [{ kind: 'spent', label: 'spent', amount: run.spentMicroUsd }], 'Cap'),
    `${percent(run.spentMicroUsd, run.capMicroUsd)} of ${dollars(run.capMicroUsd)}`,
    `${plural(run.spentCalls, 'call')}, ${plural(run.spentTokens, 'token')}`,
  )
}

function fieldCard({ field, gates }: Overview): HTMLElement {
  if (field === null) return card('Field', note('No field is published yet.'))
  return card(
    'Field',
    h(
      'dl.pairs',
      {},
      pair('tag', link(viewHref('health', field.fieldTag), { 'data-key': 'to health' }, field.fieldTag)),
      pair(
        'holds',
        `${plural(field.concepts, 'concept')}, ${plural(field.edges, 'edge')}, ${plural(field.members, 'member')}`,
      ),
      pair('is', field.isComplete ? 'complete' : 'not complete: work is left'),
      pair('digest', h('code', {}, field.fieldDigest.slice(0, 16))),
    ),
    h(
      'ul.gates',
      { 'aria-label': 'Gates' },
      gates.map((gate) =>
        h(
          'li',
          {},
          pill(
            gate.passed ? 'ok' : gate.severity === 'block' ? 'trouble' : 'look',
            gate.passed ? 'passed' : 'failed',
          ),
          h('span', {}, gate.name.replaceAll('_', ' ')),
          h('span.gate-value', {}, gate.observed_millionths === null ? 'nothing to measure' : observed(gate)),
        ),
      ),
    ),
  )
}

const observed = (gate: Overview['gates'][number]): string =>
  `${gate.unit === 'share' ? millionths(gate.observed_millionths) : ((gate.observed_millionths ?? 0) / 1e6).toFixed(3)} ${
    gate.bound === 'at_least' ? '≥' : '≤'
  } ${gate.unit === 'share' ? millionths(gate.limit_millionths) : (gate.limit_millionths / 1e6).toFixed(3)}`

const shardsCard = ({ shards }: Overview): HTMLElement =>
  card(
    'Shards',
    shardGrid(shards, 'small'),
    link(viewHref('runs'), { 'data-key': 'to runs' }, 'Runs and shards'),
  )

function aroundCard({ loop, plan, otherLeases, workspace, version, totals }: Overview): HTMLElement {
  const iteration =
    loop.iteration === null
      ? 'never started'
      : `iteration ${loop.iteration.iterationNo} ${loop.iteration.state}`
  return card(
    'Around it',
    h(
      'dl.pairs',
      {},
      pair('workspace', said(workspace)),
      pair('plan', plan === null ? 'none yet' : `${plan.planNo}, ${plan.state}`),
      pair('loop', `${loop.state}, ${iteration}`),
      ...otherLeases.map(({ scope, holder }) => pair(scope, said(`held by ${holder}`))),
      pair('spent in all', dollars(totals.microUsd)),
      pair('waiting for the sweep', percent(totals.sweep, totals.seeds)),
      pair('version', version),
    ),
  )
}

const pair = (name: string, value: Child): HTMLElement[] => [h('dt', {}, name), h('dd', {}, value)]
