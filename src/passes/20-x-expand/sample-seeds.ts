/**
 * The first facts of each domain by priority: a sample that nobody chose, that stays the same, and that all shards
 * have their share of.
 *
 * @param order all ranks, by priority
 * @param domainOf by rank, a number for the domain
 * @returns ranks, by priority
 */
export function sampleSeeds(order: Uint32Array, domainOf: Uint32Array, perDomain: number): Uint32Array {
  const takenCount = new Map<number, number>()
  return order.filter((rank) => {
    const domain = domainOf[rank]!
    const count = takenCount.get(domain) ?? 0
    if (count >= perDomain) return false
    takenCount.set(domain, count + 1)
    return true
  })
}
