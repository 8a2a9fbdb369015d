import type { Standing } from './states.ts'

/** One row of a cluster as a model sees it; `i` is its position, 0 is the seed. */
export interface ClusterMember {
  readonly i: number
  readonly standing: Standing
  readonly factId: string
  readonly dupGroupId: string
  readonly domain: string
  readonly text: string
}

/** The unit of work: a seed with the facts around it. */
export interface Cluster {
  readonly clusterId: string
  readonly seedFactId: string
  readonly round: number
  readonly domain: string
  readonly isLone: boolean
  readonly members: readonly ClusterMember[]
}
