/** What was spent on each day, as bars. The table beside it says the same. */
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { SpendPage } from '../../../schemas/page/spend.ts'
import { keepDrawn, quietAxis } from './chart.ts'
import { h } from './dom.ts'
import { colour } from './theme.ts'

const HEIGHT_PX = 160
const DAY_SECONDS = 86_400

export function spendChart(days: SpendPage['days'], signal: AbortSignal): HTMLElement {
  const place = h('div.chart-place', { 'aria-hidden': 'true' })
  const totals = new Map<string, number>()
  for (const { day, microUsd } of days) totals.set(day, (totals.get(day) ?? 0) + microUsd)
  const data: uPlot.AlignedData = [
    [...totals.keys()].map((day) => Date.parse(`${day}T00:00Z`) / 1_000),
    [...totals.values()].map((microUsd) => microUsd / 1e6),
  ]
  keepDrawn(place, signal, (widthPx) => new uPlot(optionsFor(widthPx), data, place))
  return place
}

function optionsFor(width: number): uPlot.Options {
  const axis = quietAxis()
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    axes: [axis, { ...axis, size: 56, values: (_, values) => values.map((value) => `$${value}`) }],
    scales: {
      x: { range: (_, least, most) => [least - DAY_SECONDS / 2, most + DAY_SECONDS / 2] },
      y: { range: (_, __, most) => [0, most * 1.1 || 1] },
    },
    series: [
      {},
      {
        stroke: colour('--accent'),
        fill: colour('--accent-wash'),
        width: 1,
        paths: uPlot.paths.bars?.({ size: [0.6, 60] }) ?? null,
        points: { show: false },
      } as uPlot.Series,
    ],
  }
}
