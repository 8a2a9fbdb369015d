import type { ExpandProgress } from '../expand/expand-options.ts'

/** What a person asks of one `plan`, beside the settings. */
export interface PlanOptions {
  /** Paths, or `-` for standard input. */
  readonly inputs: readonly string[]
  /** Column names of the input for ours: `{ text: 'statement' }`. */
  readonly map: Readonly<Record<string, string>>
  /** Only these domains; all if empty. */
  readonly domains: readonly string[]
  /** Facts that these inputs do not hold are removed. */
  readonly replace: boolean
  /** Any change to a planned fact is refused. */
  readonly frozen: boolean
  /** Clusters to grow from concepts of the current field. */
  readonly expandFieldCount: number | null
  /** Facts that no concept kept are covered anew. */
  readonly regroupsDropped: boolean
  /** Number of shards as the command line gave it; null where it did not. */
  readonly shardCount: number | null
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: PlanProgress) => void
}

export interface PlanProgress {
  /** Lines taken in; texts read and indexed, neighbours looked for, clusters written; shards written. */
  readonly step: 'intake' | ExpandProgress['step'] | 'shards'
  readonly done: number
  /** null for lines: how many there are nobody knows before the last one. */
  readonly total: number | null
}
