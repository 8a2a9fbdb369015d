/**
 * What a provider is told a request is called, so that its own list can be matched with our books after a crash.
 *
 * With the lineage of the workspace in it: two workspaces may share one account, and both have an attempt 1.
 */
export const clientRequestIdOf = (lineage: string, attemptId: number): string => `rff-${lineage}-${attemptId}`

/** Requests for vectors are counted by themselves, so their numbers are told apart from those of attempts. */
export const vectorRequestIdOf = (lineage: string, requestId: number): string =>
  `rff-${lineage}-e${requestId}`
