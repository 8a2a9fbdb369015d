/** The first N facts of each domain in hash order: a sample that nobody chose and that stays the same. */
export interface SeedSampler {
  /** To be asked for each fact once, by ascending hash. @returns whether it is a seed */
  take(domain: string): boolean
}

export function createSeedSampler(perDomain: number): SeedSampler {
  const taken = new Map<string, number>()
  return {
    take(domain) {
      const count = taken.get(domain) ?? 0
      if (count >= perDomain) return false
      taken.set(domain, count + 1)
      return true
    },
  }
}
