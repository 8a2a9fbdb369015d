export interface Components {
  readonly count: number
  /** Nodes of the largest one; 0 where there is no node. */
  readonly largest: number
}

/**
 * Components of an undirected graph by union-find, in eight bytes a node.
 *
 * @param nodeCount nodes are 0 up to this
 */
export function findComponents(nodeCount: number, edges: Iterable<readonly [number, number]>): Components {
  const parents = Uint32Array.from({ length: nodeCount }, (_, node) => node)
  const sizes = new Uint32Array(nodeCount).fill(1)
  let count = nodeCount
  let largest = Math.min(nodeCount, 1)
  for (const [a, b] of edges) {
    let [root, child] = [rootOf(parents, a), rootOf(parents, b)]
    if (root === child) continue
    if (sizes[root]! < sizes[child]!) [root, child] = [child, root]
    parents[child] = root
    sizes[root]! += sizes[child]!
    largest = Math.max(largest, sizes[root]!)
    count -= 1
  }
  return { count, largest }
}

/** Halves the path on the way, so that the next search is shorter. */
function rootOf(parents: Uint32Array, node: number): number {
  let at = node
  while (parents[at] !== at) {
    parents[at] = parents[parents[at]!]!
    at = parents[at]!
  }
  return at
}
