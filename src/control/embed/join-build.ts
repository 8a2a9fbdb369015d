/** Which build a start belongs to, and whether its caps can hold. */
import type { EmbeddingBuild } from '../../../db/queries/embedding-builds.ts'
import type { SearchKind } from '../../../db/queries/search-reading.ts'
import { type Caps, hasCap } from '../../../schemas/budget.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { Embedder } from './embedder.ts'
import type { EmbeddingEstimate } from './wanted-texts.ts'

/** More paid requests than this are not begun without a cap. */
const REQUESTS_WITHOUT_CAP = 1_000

/**
 * The open build, whose caps count over every start; one that is named anew replaces them.
 *
 * @returns null where there is none and nothing to begin one for
 * @throws RffError usage
 */
export function joinBuild(
  embedder: Embedder,
  { caps, kinds }: { readonly caps: Caps; readonly kinds: readonly SearchKind[] },
  estimate: EmbeddingEstimate,
  atMs: number,
): EmbeddingBuild | null {
  const { builds, modelNo } = embedder
  const open = builds.open(modelNo)
  if (open === undefined && estimate.todo === 0) return null
  const hasFacts = kinds.includes('facts')
  const counting = hasCap(caps) || open === undefined ? caps : open.caps
  expectBudget(embedder, counting, estimate)
  if (open === undefined) return builds.begin(modelNo, { caps, hasFacts }, atMs)
  if (hasCap(caps)) builds.setCaps(open.buildId, caps)
  if (hasFacts) builds.addFacts(open.buildId)
  return { buildId: open.buildId, caps: counting, hasFacts: hasFacts || open.hasFacts }
}

/** @throws RffError usage */
function expectBudget({ reference, meter }: Embedder, caps: Caps, { requests }: EmbeddingEstimate): void {
  const { price } = meter
  if (caps.microUsd !== null && price === null)
    throw new RffError(
      'usage',
      `no price is known of ${reference}, so --max-usd cannot hold; cap --max-tokens or --max-calls, or tell it under [prices]`,
    )
  const isFree = price !== null && price.inputMicroUsdPerMillion === 0
  if (isFree || hasCap(caps) || requests <= REQUESTS_WITHOUT_CAP) return
  throw new RffError(
    'usage',
    `${requests} requests would be made of a paid model without a cap; name --max-usd, --max-tokens or --max-calls`,
  )
}
