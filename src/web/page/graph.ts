/** Draws a neighbourhood with WebGL: the centre in the middle, neighbours around it, laid out by their own edges. */
import Graph from 'graphology'
import forceAtlas2 from 'graphology-layout-forceatlas2'
import Sigma from 'sigma'
import { EdgeArrowProgram } from 'sigma/rendering'
import type { Neighbourhood } from '../../../schemas/page/field.ts'
import { printable } from '../../language/printable.ts'
import { colour } from './theme.ts'

const LAYOUT_STEPS = 150
const NAME_MOST_CHARS = 32

/** @returns null where the browser has no WebGL */
export function drawGraph(
  container: HTMLElement,
  around: Neighbourhood,
  onWalk: (conceptId: string) => void,
): { destroy(): void } | null {
  if (document.createElement('canvas').getContext('webgl2') === null) return null
  container.replaceChildren()
  const graph = layOut(around)
  const sigma = new Sigma(graph, container, {
    defaultEdgeType: 'arrow',
    edgeProgramClasses: { arrow: EdgeArrowProgram },
    labelColor: { color: colour('--ink') },
    labelFont: 'system-ui, sans-serif',
    labelSize: 13,
    labelDensity: 2,
    labelRenderedSizeThreshold: 4,
    renderEdgeLabels: false,
    stagePadding: 90,
    zIndex: true,
  })
  sigma.on('clickNode', ({ node }) => onWalk(node))
  sigma.on('enterNode', () => {
    container.style.cursor = 'pointer'
  })
  sigma.on('leaveNode', () => {
    container.style.cursor = ''
  })
  return { destroy: () => sigma.kill() }
}

/** The same neighbourhood gives the same picture: nothing in it is random. */
function layOut({ centre, nodes, edges }: Neighbourhood): Graph {
  const graph = new Graph({ multi: true, type: 'directed' })
  const [ink, accent, line] = [colour('--node'), colour('--accent'), colour('--edge')]
  for (const [at, { conceptId, name, edgeCount }] of nodes.entries()) {
    const angle = (2 * Math.PI * at) / nodes.length
    const isCentre = conceptId === centre
    graph.addNode(conceptId, {
      label: shortened(printable(name)),
      x: isCentre ? 0 : Math.cos(angle),
      y: isCentre ? 0 : Math.sin(angle),
      size: isCentre ? 14 : 5 + Math.min(6, Math.log2(1 + edgeCount)),
      color: isCentre ? accent : ink,
      forceLabel: true,
      zIndex: isCentre ? 1 : 0,
    })
  }
  for (const { edgeId, srcConceptId, dstConceptId, relType, supportCount } of edges)
    graph.addDirectedEdgeWithKey(edgeId, srcConceptId, dstConceptId, {
      label: relType,
      size: 1 + Math.min(3, Math.log2(1 + supportCount)),
      color: line,
    })
  forceAtlas2.assign(graph, {
    iterations: LAYOUT_STEPS,
    settings: { ...forceAtlas2.inferSettings(graph), gravity: 1, scalingRatio: 8, adjustSizes: true },
  })
  return graph
}

const shortened = (name: string): string =>
  name.length <= NAME_MOST_CHARS ? name : `${name.slice(0, NAME_MOST_CHARS - 1)}…`
