/** What was done while the page looked on: a curve of clusters decided a second. */
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Overview } from '../../../schemas/page/overview.ts'
import { keepDrawn, quietAxis } from './chart.ts'
import { h } from './dom.ts'
import { colour } from './theme.ts'

const HEIGHT_PX = 150
/** Fewer say nothing of a course. */
const LEAST_LOOKS = 4

export interface ProgressChart {
  readonly element: HTMLElement
  show(history: Overview['history']): void
}

export function progressChart(signal: AbortSignal): ProgressChart {
  const place = h('div.chart-place', { 'aria-hidden': 'true' })
  const element = h('section.card.chart', { hidden: true }, h('h2', {}, 'Clusters decided a second'), place)
  let data: uPlot.AlignedData = [[], []]
  const chart = keepDrawn(place, signal, (widthPx) => new uPlot(optionsFor(widthPx), data, place))
  return {
    element,
    show(history) {
      data = speedsOf(history)
      const isTelling = data[0].length >= LEAST_LOOKS && data[1]?.some((speed) => (speed ?? 0) > 0) === true
      element.hidden = !isTelling
      if (isTelling) chart()?.setData(data)
    },
  }
}

function speedsOf(history: Overview['history']): uPlot.AlignedData {
  const seconds: number[] = []
  const speeds: number[] = []
  for (const [at, look] of history.entries()) {
    const before = history[at - 1]
    if (before === undefined || look.atMs <= before.atMs) continue
    seconds.push(look.atMs / 1_000)
    speeds.push((1_000 * Math.max(0, look.done - before.done)) / (look.atMs - before.atMs))
  }
  return [seconds, speeds]
}

function optionsFor(width: number): uPlot.Options {
  const axis = quietAxis()
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    axes: [axis, { ...axis, size: 48 }],
    series: [
      {},
      { stroke: colour('--accent'), fill: colour('--accent-wash'), width: 2, points: { show: false } },
    ],
    scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
  }
}
