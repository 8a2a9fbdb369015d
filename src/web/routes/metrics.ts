/** `GET /metrics`: the figures of the overview, for Prometheus. A scrape reads what changed since the one before. */
import { Hono } from 'hono'
import { Gauge, Registry } from 'prom-client'
import type { Overview } from '../../../schemas/page/overview.ts'
import type { PageContext } from '../page-context.ts'

const MICRO = 1e-6

export const metricsRoute = ({ overview }: PageContext): Hono =>
  new Hono().get('/metrics', async (c) => {
    const registry = registryOf(await overview())
    return c.text(await registry.metrics(), 200, { 'content-type': registry.contentType })
  })

/** Made anew each time, so that a shard that is gone leaves no series behind. */
function registryOf({ shards, totals, run, gates, field, loop, alerts }: Overview): Registry {
  const registry = new Registry()
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `rff_shard_${name}`, help, labelNames, registers: [registry] })

  const clusters = gauge('clusters', 'clusters by shard and state', ['shard', 'state'])
  const readable = gauge('shard_readable', '1 where the shard file can be read', ['shard'])
  const held = gauge('shard_held', '1 where a living process holds the shard', ['shard'])
  for (const { shardNo, census, trouble, isHolderAlive } of shards) {
    const shard = String(shardNo)
    readable.set({ shard }, trouble === null ? 1 : 0)
    held.set({ shard }, isHolderAlive ? 1 : 0)
    if (census === null) continue
    for (const state of ['todo', 'sweep', 'ok', 'quarantined'] as const)
      clusters.set({ shard, state }, census[state])
  }
  gauge('requests_in_flight', 'requests whose end is not in the books').set(totals.inFlight)
  gauge('spent_dollars', 'spent over all runs, at worst case where nobody knows').set(totals.microUsd * MICRO)
  gauge('conservation_difference', 'seeds in no state: anything but 0 is a fault').set(totals.difference)
  if (run !== null) {
    const used = gauge('run_used', 'used of the caps of the newest run', ['kind'])
    used.set({ kind: 'dollars' }, run.spentMicroUsd * MICRO)
    used.set({ kind: 'tokens' }, run.spentTokens)
    used.set({ kind: 'calls' }, run.spentCalls)
    const cap = gauge('run_cap', 'caps of the newest run; absent where there is none', ['kind'])
    if (run.capMicroUsd !== null) cap.set({ kind: 'dollars' }, run.capMicroUsd * MICRO)
    if (run.capTokens !== null) cap.set({ kind: 'tokens' }, run.capTokens)
    if (run.capCalls !== null) cap.set({ kind: 'calls' }, run.capCalls)
    gauge('run_open', '1 while the newest run is open').set(run.state === 'open' ? 1 : 0)
  }
  if (field !== null) {
    const size = gauge('field_rows', 'rows of the published field', ['kind'])
    for (const kind of ['concepts', 'members', 'edges'] as const) size.set({ kind }, field[kind])
  }
  const passed = gauge('gate_passed', '1 where a gate of the published field passed', ['gate', 'severity'])
  for (const { name, severity, passed: isPassed } of gates)
    passed.set({ gate: name, severity }, isPassed ? 1 : 0)
  gauge('loop_paused', '1 while the loop is paused').set(loop.state === 'paused' ? 1 : 0)
  const told = gauge('alerts', 'what the overview says needs a person', ['level'])
  for (const level of ['trouble', 'look'] as const)
    told.set({ level }, alerts.filter((alert) => alert.level === level).length)
  return registry
}
