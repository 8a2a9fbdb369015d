import type { BatchSizes } from '../../../db/queries/batches.ts'

/**
 * How many lines the next batch of a model may have.
 *
 * Providers limit how many tokens of a model may wait in batches, and do not say how many. So a batch that was too much
 * is halved until one passes, and then the size doubles again, up to the setting.
 *
 * @returns at least 1
 */
export function mostLinesNow(maxLines: number, { tooMuchLines, mostPassedLines }: BatchSizes): number {
  if (tooMuchLines === null) return maxLines
  const half = Math.max(1, Math.floor(tooMuchLines / 2))
  return Math.min(maxLines, Math.max(half, (mostPassedLines ?? 0) * 2))
}
