/** One tile a shard, filling from below as its clusters are decided. */
import type { ShardTile } from '../../../schemas/page/overview.ts'
import { count } from '../../language/counted.ts'
import { h } from './dom.ts'
import { percent, share } from './format.ts'

export const shardGrid = (shards: readonly ShardTile[], size: 'small' | 'large'): HTMLElement =>
  h(
    `ul.shard-grid.is-${size}`,
    { 'aria-label': 'Shards' },
    shards.map((shard) => h('li', {}, tile(shard, size))),
  )

function tile(shard: ShardTile, size: 'small' | 'large'): HTMLElement {
  const { shardNo, census, isHolderAlive } = shard
  const seeds = census?.seeds ?? 0
  const height = (part: number): string => `${(100 * share(part, seeds)).toFixed(2)}%`
  const ok = census?.ok ?? 0
  const bad = census?.quarantined ?? 0
  return h(
    `div.shard-tile${census === null ? '.is-broken' : isHolderAlive ? '.is-held' : '.is-idle'}`,
    {
      role: 'img',
      'aria-label': describe(shard),
      title: describe(shard),
      '--good-share': height(ok),
      '--bad-share': height(bad),
    },
    h('div.shard-fill.is-ok', {}),
    h('div.shard-fill.is-bad', {}),
    size === 'small' ? null : h('span.shard-no', {}, shardNo),
    size === 'small'
      ? null
      : h('span.shard-share', {}, census === null ? 'unread' : percent(ok + bad, seeds)),
  )
}

function describe({ shardNo, census, trouble, holder, isHolderAlive }: ShardTile): string {
  if (census === null) return `shard ${shardNo}: ${trouble?.code ?? 'cannot be read'}`
  const done = census.ok + census.quarantined
  const at = holder === null ? '' : isHolderAlive ? ', at work' : ', its holder is gone'
  return `shard ${shardNo}: ${percent(done, census.seeds)} of ${count(census.seeds)}, ${count(census.quarantined)} in quarantine${at}`
}
