/** Where the time of a run or a merge went, as `--profile` tells it. Plain data: threads send it to the host. */

/** How often something was done and how long it took in all. */
export interface Span {
  readonly name: string
  readonly calls: number
  readonly ms: number
}

export interface Profile {
  /** Threads, or shards worked on one after the other, that are added up here. */
  readonly parts: number
  /** From the start of each part to its end, added up. */
  readonly ms: number
  /** In which the thread had something to do. */
  readonly busyMs: number
  /** In which it had nothing to do but wait for answers that were under way. */
  readonly waitingForModelMs: number
  /** What the thread did, the longest first. They do not overlap, and statements are within them. */
  readonly passes: readonly Span[]
  /** By their SQL, the longest first. */
  readonly statements: readonly Span[]
  /** What single requests waited for; many wait at once, so these add up to more than the time that went by. */
  readonly waits: readonly Span[]
  readonly commits: CommitSizes
  /** How late the thread came to what was due; of the part that was latest. */
  readonly eventLoopDelay: { readonly p50Ms: number; readonly p99Ms: number; readonly mostMs: number }
}

/** How many pieces of work shared a commit. */
export interface CommitSizes {
  readonly commits: number
  readonly entries: number
  readonly most: number
}

/** @returns null where nothing was measured */
export function sumProfiles(profiles: readonly Profile[]): Profile | null {
  if (profiles.length === 0) return null
  const sum = (of: (profile: Profile) => number): number => profiles.reduce((n, one) => n + of(one), 0)
  const most = (of: (profile: Profile) => number): number => Math.max(...profiles.map(of))
  return {
    parts: sum(({ parts }) => parts),
    ms: sum(({ ms }) => ms),
    busyMs: sum(({ busyMs }) => busyMs),
    waitingForModelMs: sum(({ waitingForModelMs }) => waitingForModelMs),
    passes: sumSpans(profiles.flatMap(({ passes }) => passes)),
    statements: sumSpans(profiles.flatMap(({ statements }) => statements)),
    waits: sumSpans(profiles.flatMap(({ waits }) => waits)),
    commits: {
      commits: sum(({ commits }) => commits.commits),
      entries: sum(({ commits }) => commits.entries),
      most: most(({ commits }) => commits.most),
    },
    eventLoopDelay: {
      p50Ms: most(({ eventLoopDelay }) => eventLoopDelay.p50Ms),
      p99Ms: most(({ eventLoopDelay }) => eventLoopDelay.p99Ms),
      mostMs: most(({ eventLoopDelay }) => eventLoopDelay.mostMs),
    },
  }
}

/** @returns one span a name, the longest first */
export function sumSpans(spans: readonly Span[]): Span[] {
  const sums = new Map<string, Span>()
  for (const { name, calls, ms } of spans) {
    const before = sums.get(name)
    sums.set(name, { name, calls: calls + (before?.calls ?? 0), ms: ms + (before?.ms ?? 0) })
  }
  return [...sums.values()].sort((a, b) => b.ms - a.ms || (a.name < b.name ? -1 : 1))
}
