/** What was spent on each day, as bars. The table beside it says the same. */
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { SpendPage } from '../../../schemas/page-api.ts'
import { h } from './dom.ts'
import { colour, onTheme } from './theme.ts'

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
  let chart: uPlot | null = null
  const draw = (): void => {
    chart?.destroy()
    chart = new uPlot(optionsFor(place.clientWidth), data, place)
  }
  onTheme(draw, signal)
  // Drawn once it stands in the page, where its width is known.
  const observer = new ResizeObserver(draw)
  observer.observe(place)
  signal.addEventListener('abort', () => {
    observer.disconnect()
    chart?.destroy()
  })
  return place
}

function optionsFor(width: number): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  }
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
