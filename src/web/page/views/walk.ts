/** The graph around one concept. A click or a choice from the list walks on; the trail leads back. */
import type { Neighbourhood } from '../../../../schemas/page/field.ts'
import { isOrAre, plural } from '../../../language/counted.ts'
import { get } from '../api.ts'
import { fill, h, link, said } from '../dom.ts'
import { spoken } from '../format.ts'
import { failureNote, isAbort, note } from '../parts.ts'
import { onTheme } from '../theme.ts'
import { conceptHref, type View, type ViewContext, viewHref } from '../view.ts'
import { walkHitsByKey } from '../walk-hits-by-key.ts'

interface Step {
  readonly conceptId: string
  readonly name: string
}

const TRAIL_MOST = 12

export const walkView: View = {
  name: 'walk',
  title: 'Graph',
  async render(root, context) {
    const trail = h('ol.trail', { 'aria-label': 'The way here' })
    const canvas = h('div.graph', { 'aria-hidden': 'true' })
    const list = h('div.neighbours', {})
    root.append(trail, h('div.walk', {}, canvas, list))
    walkHitsByKey(list, context.signal)
    const walk = walker(context, { trail, canvas, list })
    await walk(context.params[0] ?? '')
  },
}

interface Places {
  readonly trail: HTMLElement
  readonly canvas: HTMLElement
  readonly list: HTMLElement
}

function walker({ signal, announce }: ViewContext, { trail, canvas, list }: Places) {
  const steps: Step[] = []
  let drawing: { destroy(): void } | null = null
  let shown: Neighbourhood | null = null
  signal.addEventListener('abort', () => drawing?.destroy())

  const draw = async (around: Neighbourhood): Promise<void> => {
    // The graph library is half of the page's code, so it is loaded where it is needed.
    const { drawGraph } = await import('../graph.ts')
    if (signal.aborted || shown !== around) return
    drawing?.destroy()
    drawing = drawGraph(canvas, around, (conceptId) => void walk(conceptId))
    if (drawing === null)
      fill(canvas, note('This browser draws no graphs (WebGL is off); the list says the same.'))
  }
  const walk = async (conceptId: string): Promise<void> => {
    try {
      const around = await get<Neighbourhood>(
        `/concepts/${encodeURIComponent(conceptId)}/neighbourhood`,
        {},
        signal,
      )
      if (signal.aborted) return
      shown = around
      const centre = around.nodes.find((node) => node.conceptId === around.centre)
      take(steps, { conceptId: around.centre, name: centre?.name ?? conceptId })
      history.replaceState(null, '', viewHref('walk', around.centre))
      fill(
        trail,
        ...steps.map(({ conceptId: id, name }, at) =>
          h('li', {}, trailStep(id, name, at === steps.length - 1, walk)),
        ),
      )
      fill(list, ...neighbourList(around, walk))
      announce(`${centre?.name ?? ''}: ${plural(around.nodes.length - 1, 'neighbour')}`)
      await draw(around)
    } catch (cause) {
      if (!isAbort(cause)) fill(list, failureNote(cause))
    }
  }
  onTheme(() => void (shown !== null && draw(shown)), signal)
  return walk
}

/** Who goes back to a step forgets what came after it. */
function take(steps: Step[], step: Step): void {
  const known = steps.findIndex(({ conceptId }) => conceptId === step.conceptId)
  if (known >= 0) steps.length = known
  steps.push(step)
  if (steps.length > TRAIL_MOST) steps.shift()
}

function trailStep(
  conceptId: string,
  name: string,
  isLast: boolean,
  walk: (conceptId: string) => Promise<void>,
): HTMLElement {
  if (isLast) return h('span', { 'aria-current': 'step' }, said(name))
  return h(
    'button.quiet',
    { type: 'button', 'data-key': `trail ${conceptId}`, onclick: () => void walk(conceptId) },
    said(name),
  )
}

function neighbourList(around: Neighbourhood, walk: (conceptId: string) => Promise<void>): HTMLElement[] {
  const nameOf = new Map(around.nodes.map(({ conceptId, name }) => [conceptId, name]))
  const own = around.edges.filter(
    ({ srcConceptId, dstConceptId }) => srcConceptId === around.centre || dstConceptId === around.centre,
  )
  const items = own.map(({ edgeId, srcConceptId, dstConceptId, relType, supportCount }) => {
    const isOut = srcConceptId === around.centre
    const otherId = isOut ? dstConceptId : srcConceptId
    const go = link(
      viewHref('walk', otherId),
      { class: 'stop', 'data-key': edgeId },
      said(nameOf.get(otherId) ?? otherId),
    )
    go.addEventListener('click', (event) => {
      if (event.metaKey || event.ctrlKey) return
      event.preventDefault()
      void walk(otherId)
    })
    const type = h(`span.rel.rel-${relType}`, {}, spoken(relType))
    return h(
      'li',
      {},
      isOut ? [type, ' ', go] : [go, ' ', type, ' this'],
      h('span.edge-support', {}, plural(supportCount, 'cluster')),
    )
  })
  const centre = nameOf.get(around.centre) ?? around.centre
  const among = around.edges.length - own.length
  return [
    h('h2', {}, said(centre)),
    h('p', {}, link(conceptHref(around.centre), {}, 'All that is known of it')),
    items.length === 0 ? note('It has no relation to another concept.') : h('ul.edges', {}, items),
    note(
      [
        among === 0 ? null : `${plural(among, 'edge')} among these neighbours`,
        around.left === 0 ? null : `${plural(around.left, 'weaker one')} ${isOrAre(around.left)} not shown`,
      ]
        .filter((part) => part !== null)
        .join('; '),
    ),
  ]
}
