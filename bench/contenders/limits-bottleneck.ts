/** The `openai` package in a bottleneck, whose reservoir holds the tokens of a second and is told what a call weighs. */
import {
  inWorkersThrough,
  type LimitsInput,
  type LimitsOutput,
  TOKENS_PER_CALL,
} from '../support/limits-load.ts'
import { peer } from '../support/peer.ts'

/** What of bottleneck is used here. */
interface Bottleneck {
  schedule<T>(options: { weight: number }, deed: () => Promise<T>): Promise<T>
}
type BottleneckClass = new (options: {
  reservoir: number
  reservoirRefreshAmount: number
  reservoirRefreshInterval: number
}) => Bottleneck

export const prepare = async (): Promise<BottleneckClass> =>
  (await peer<{ default: BottleneckClass }>('bottleneck')).default

export function contend(input: LimitsInput, Limiter: BottleneckClass): Promise<LimitsOutput> {
  const reservoir = Math.max(TOKENS_PER_CALL, Math.floor(input.tokensPerMinute / 60))
  const limiter = new Limiter({
    reservoir,
    reservoirRefreshAmount: reservoir,
    reservoirRefreshInterval: 1_000,
  })
  return inWorkersThrough((call) => limiter.schedule({ weight: TOKENS_PER_CALL }, call), input)
}
