/** The domains of each concept: four bytes a concept, since few sets of domains are ever met. */

import { grown, sharedNumbers } from '../../language/shared-memory.ts'
import { createTextNumbers } from '../../language/text-numbers.ts'

export interface DomainSets {
  /** The domains of the next concept: 0, 1, 2 … */
  add(domains: readonly string[]): void
  holds(conceptNo: number, domain: string): boolean
  /** Whether two concepts have a domain in common. */
  share(a: number, b: number): boolean
}

export function createDomainSets(): DomainSets {
  const numbers = createTextNumbers()
  const sets: ReadonlySet<string>[] = []
  let setOf = sharedNumbers(1 << 10)
  let size = 0
  return {
    add(domains) {
      if (size === setOf.length) setOf = grown(setOf)
      const no = numbers.findOrAdd(JSON.stringify(domains))
      if (no === sets.length) sets.push(new Set(domains))
      setOf[size++] = no
    },
    holds: (conceptNo, domain) => sets[setOf[conceptNo]!]!.has(domain),
    share(a, b) {
      const there = sets[setOf[b]!]!
      for (const domain of sets[setOf[a]!]!) if (there.has(domain)) return true
      return false
    },
  }
}
