/**
 * What a provider is told a request is called, so that its own list can be matched with our attempts after a crash.
 *
 * With the lineage of the workspace in it: two workspaces may share one account, and both have an attempt 1.
 */
export const clientRequestIdOf = (lineage: string, attemptId: number): string => `rff-${lineage}-${attemptId}`

const SHAPE = /^rff-(?<lineage>.+)-(?<attemptId>\d+)$/u

/** @returns null for what is none, or is of another workspace */
export function attemptIdIn(clientRequestId: string, lineage: string): number | null {
  const parts = SHAPE.exec(clientRequestId)?.groups
  return parts?.lineage === lineage ? Number(parts.attemptId) : null
}
