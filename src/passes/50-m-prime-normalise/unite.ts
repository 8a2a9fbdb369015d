/** Union-find whose root is always the smallest number, so that the order of unions does not matter. */
export interface Union {
  join(a: number, b: number): void
  /** The smallest number that `of` was joined with, directly or through others. */
  rootOf(of: number): number
}

export function createUnion(size: number): Union {
  const parents = new Uint32Array(size).map((_, no) => no)
  const rootOf = (of: number): number => {
    let at = of
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]! // halves the path for the next one
      at = parents[at]!
    }
    return at
  }
  return {
    rootOf,
    join(a, b) {
      const [rootA, rootB] = [rootOf(a), rootOf(b)]
      if (rootA < rootB) parents[rootB] = rootA
      else parents[rootA] = rootB
    },
  }
}
