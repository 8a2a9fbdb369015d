/** One invariant of a file, as SQL that counts what breaks it. */
export interface AuditCheck {
  readonly name: string
  /** What is true of a sound file. */
  readonly claim: string
  /** One row, one number. */
  readonly sql: string
  /** Files that are attached, besides the one that is checked. */
  readonly reads?: readonly ('control' | 'corpus')[]
  /**
   * When it must hold. `free`: nobody works on the shard (work in progress is not settled yet). `planned`: the last
   * plan was finished.
   */
  readonly when?: 'free' | 'planned'
  /** Reads every row, or computes what a person's `sqlite3` cannot (`rff_key`, `rff_cluster_id` …). */
  readonly isDeep?: true
}
