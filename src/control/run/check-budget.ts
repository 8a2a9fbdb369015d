/** What must be known about money before anything is sent. */
import { type Caps, hasCap } from '../../../schemas/budget.ts'
import { RffError } from '../../../schemas/failure.ts'
import { plural } from '../../language/counted.ts'
import type { LaneSettings } from '../../runner/lane-settings.ts'
import type { RunLanes } from '../../runner/lanes.ts'
import type { ClaimedShard } from './claim-shards.ts'
import { countTodo } from './count-todo.ts'
import type { RunOptions } from './run-options.ts'

/** More paid calls than this are not begun without a cap. */
const CALLS_WITHOUT_CAP = 1_000

/** @throws RffError usage where a dollar cap meets a model without a price */
export function expectPrices({ asked }: RunLanes, caps: Caps): void {
  if (caps.microUsd === null) return
  const unpriced = Object.values(asked).filter((lane) => isPaid(lane) && lane.meter.price === null)
  if (unpriced.length === 0) return
  // One model may be of several lanes.
  const names = new Set(unpriced.map(({ provider, model }) => `${provider.name}/${model}`))
  throw new RffError(
    'usage',
    `no price is known of ${[...names].join(', ')}, so --max-usd cannot hold; cap --max-tokens or --max-calls`,
  )
}

/** @throws RffError usage where the model that is asked first takes no batches */
export function expectBatches({ asked: { primary } }: RunLanes): void {
  if (primary.provider.kind === 'local' || primary.provider.batches !== undefined) return
  throw new RffError('usage', `${primary.provider.name} takes no batches; run without --batch`)
}

/** @throws RffError usage */
export function expectCap(
  { asked }: RunLanes,
  shards: readonly ClaimedShard[],
  { caps, limit }: RunOptions,
): void {
  if (hasCap(caps) || !isPaid(asked.primary) || isFree(asked.primary)) return
  const calls = Math.min(
    limit ?? Number.POSITIVE_INFINITY,
    countTodo(shards).reduce((sum, { todo }) => sum + todo, 0),
  )
  if (calls <= CALLS_WITHOUT_CAP) return
  throw new RffError(
    'usage',
    `${plural(calls, 'cluster')} would be asked of a paid model without a cap; name --max-usd, --max-tokens or --max-calls`,
  )
}

const isPaid = (lane: LaneSettings | null): lane is LaneSettings =>
  lane !== null && lane.provider.kind === 'remote'

const isFree = ({ meter: { price } }: LaneSettings): boolean =>
  price !== null && price.inputMicroUsdPerMillion === 0 && price.outputMicroUsdPerMillion === 0
