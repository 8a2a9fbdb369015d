/** A line of a generated corpus, in the columns that `plan` reads. */
export interface GeneratedFact {
  readonly fact_id: string
  readonly dup_group_id: string
  readonly domain: string
  readonly text: string
  readonly source: string
}
