/** What the two ways of making clusters, from the corpus and from the field, are told alike. */
export interface ExpandShape {
  readonly planNo: number
  /** Where neighbours are looked for. */
  readonly scope: 'domain' | 'corpus'
  /** Most rows of a cluster, the seed and context included, 1 to 64. */
  readonly maxMembers: number
  /** Neighbours kept for each fact, 1 to 64. */
  readonly topK: number
  /** Least score of a neighbour as a share of the score that the fact has with itself, 0 to 1. */
  readonly scoreFloor: number
  /** Most postings read for one fact. */
  readonly postingsCap: number
  /** 0 and 1 search in the calling thread. */
  readonly threadCount: number
  /** False: clusters are not shown facts that earlier plans have covered. */
  readonly hasContext?: boolean
  /** False for a dry run: everything is reckoned, nothing is written. */
  readonly write?: boolean
  readonly onProgress?: (progress: ExpandProgress) => void
  readonly signal?: AbortSignal
}

export interface ExpandProgress {
  readonly step: 'read' | 'index' | 'search' | 'clusters'
  readonly done: number
  readonly total: number
}
