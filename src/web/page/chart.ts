/** What the charts of the page share: they keep to the theme and to the width of their place, and their axes are quiet. */
import type uPlot from 'uplot'
import { colour, onTheme } from './theme.ts'

/**
 * Drawn once the place has a width, and anew whenever that or the theme changes, until the signal ends it.
 *
 * @returns the chart as it stands; null while its place is not seen
 */
export function keepDrawn(
  place: HTMLElement,
  signal: AbortSignal,
  drawWith: (widthPx: number) => uPlot,
): () => uPlot | null {
  let chart: uPlot | null = null
  const draw = (): void => {
    chart?.destroy()
    chart = place.clientWidth === 0 ? null : drawWith(place.clientWidth)
  }
  onTheme(draw, signal)
  const observer = new ResizeObserver(draw)
  observer.observe(place)
  signal.addEventListener('abort', () => {
    observer.disconnect()
    chart?.destroy()
  })
  return () => chart
}

export const quietAxis = (): uPlot.Axis => ({
  stroke: colour('--quiet'),
  grid: { stroke: colour('--line'), width: 1 },
  ticks: { show: false },
  font: '12px system-ui, sans-serif',
})
