/** Which facts the gold calls one thing, over any number of steps: a is b, and b is c. */
import { IDENTITY_RELATIONS } from './gold.ts'
import type { GoldPair } from './gold-pairs.ts'

export type SameThing = (a: string, b: string) => boolean

export function sameThing(pairs: readonly GoldPair[]): SameThing {
  const parents = new Map<string, string>()
  const rootOf = (id: string): string => {
    let root = id
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up
    // The way up is remembered, so that a long chain is walked once.
    for (let at = id; at !== root; ) {
      const up = parents.get(at)!
      parents.set(at, root)
      at = up
    }
    return root
  }
  for (const { relation, src, dst } of pairs) {
    if (!IDENTITY_RELATIONS.has(relation)) continue
    const [a, b] = [rootOf(src), rootOf(dst)]
    if (a !== b) parents.set(b, a)
  }
  return (a, b) => rootOf(a) === rootOf(b)
}
