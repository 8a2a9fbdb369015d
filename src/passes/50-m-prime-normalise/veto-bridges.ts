/**
 * Takes out the merges by which one weak piece of evidence would glue two groups together.
 *
 * Concepts are nodes, accepted pairs are edges. A weak edge without which its two ends would fall apart is a bridge;
 * where both sides hold two concepts or more, nobody but this edge says that they are one.
 */
export interface Edge {
  readonly a: number
  readonly b: number
  readonly isStrong: boolean
}

/** @returns the edges that stay, and those that are vetoed, both in the order given, which does not matter */
export function vetoBridges<E extends Edge>(edges: readonly E[]): { kept: E[]; vetoed: E[] } {
  const bridges = bridgesOf(edges)
  const vetoed = new Set<E>()
  for (const { edge, sizeBelow, sizeOfComponent } of bridges) {
    const smaller = Math.min(sizeBelow, sizeOfComponent - sizeBelow)
    if (!edge.isStrong && smaller >= 2) vetoed.add(edge)
  }
  return { kept: edges.filter((edge) => !vetoed.has(edge)), vetoed: [...vetoed] }
}

interface Bridge<E> {
  readonly edge: E
  /** Concepts on one side of it. */
  readonly sizeBelow: number
  readonly sizeOfComponent: number
}

interface Visit<E> {
  readonly node: number
  readonly entry: E | undefined
  readonly neighbours: readonly E[]
  next: number
}

/** Bridges by depth-first search (R. E. Tarjan, "A note on finding the bridges of a graph", 1974), without recursion. */
function bridgesOf<E extends Edge>(edges: readonly E[]): Bridge<E>[] {
  const around = neighboursOf(edges)
  const order = new Map<number, number>()
  const lowest = new Map<number, number>()
  const sizeBelow = new Map<number, number>()
  const found: Bridge<E>[] = []
  for (const root of around.keys()) {
    if (order.has(root)) continue
    const before = order.size
    const inComponent: { edge: E; sizeBelow: number }[] = []
    const open = (node: number, entry: E | undefined): Visit<E> => {
      lowest.set(node, order.size)
      order.set(node, order.size)
      sizeBelow.set(node, 1)
      return { node, entry, neighbours: around.get(node)!, next: 0 }
    }
    const path = [open(root, undefined)]
    while (path.length > 0) {
      const visit = path[path.length - 1]!
      const edge = visit.neighbours[visit.next++]
      if (edge === undefined) {
        path.pop()
        const parent = path[path.length - 1]
        if (parent === undefined) break
        const size = sizeBelow.get(visit.node)!
        sizeBelow.set(parent.node, sizeBelow.get(parent.node)! + size)
        lowest.set(parent.node, Math.min(lowest.get(parent.node)!, lowest.get(visit.node)!))
        if (lowest.get(visit.node)! > order.get(parent.node)!) {
          inComponent.push({ edge: visit.entry!, sizeBelow: size })
        }
      } else if (edge !== visit.entry) {
        const other = edge.a === visit.node ? edge.b : edge.a
        if (order.has(other)) lowest.set(visit.node, Math.min(lowest.get(visit.node)!, order.get(other)!))
        else path.push(open(other, edge))
      }
    }
    const sizeOfComponent = order.size - before
    for (const bridge of inComponent) found.push({ ...bridge, sizeOfComponent })
  }
  return found
}

function neighboursOf<E extends Edge>(edges: readonly E[]): Map<number, E[]> {
  const around = new Map<number, E[]>()
  for (const edge of edges) {
    for (const node of [edge.a, edge.b]) {
      const known = around.get(node)
      if (known === undefined) around.set(node, [edge])
      else known.push(edge)
    }
  }
  return around
}
