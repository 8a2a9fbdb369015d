/**
 * What a batch is called before its provider has given it a name: it stands in the file's name and the batch's metadata.
 *
 * With the lineage of the workspace in it, for two workspaces may share one account; and with the first line's attempt,
 * whose number is never given twice.
 */
export const batchIntentIdOf = (lineage: string, firstAttemptId: number): string =>
  `rff-batch-${lineage}-${firstAttemptId}`
