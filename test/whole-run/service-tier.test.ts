/** The tier that truly answered stands on the attempt, and is what is paid. */
import { expect, onTestFinished, test } from 'vitest'
import type { Spend } from '../../src/control/status/spend.ts'
import { cli, cliJson } from '../support/cli.ts'
import { plannedWorld, useServer } from '../support/demo-world.ts'
import { startSimServer } from '../support/sim-server/server.ts'

const PRICE =
  '[prices."sim/model-a"]\ninputUsdPerMillion = 2\noutputUsdPerMillion = 8\nflexPercent = 50\npriorityPercent = 175\n'

test.each([
  ['flex', 50],
  ['priority', 175],
  ['default', 100],
])(
  'an answer of the tier %s is stored as such and costs %i percent of the price',
  async (tier, percent) => {
    const server = await startSimServer({ seed: 6, serviceTier: tier })
    onTestFinished(() => server.close())
    const world = await plannedWorld({ facts: 60, shards: 1 })
    useServer(world, server.url, PRICE, 30_000)
    await cliJson(world.dir, ['run', '--max-usd', '1'])
    const bill = server
      .billed()
      .map(({ prompt_tokens, completion_tokens }) => prompt_tokens * 2 + completion_tokens * 8)
      .reduce((sum, microUsd) => sum + Math.ceil((microUsd * percent) / 100), 0)
    const { rows } = await cliJson<Spend>(world.dir, ['spend', 'show'])
    const ofServer = rows.filter(({ provider, serviceTier }) => provider === 'sim' && serviceTier === tier)
    expect(ofServer.reduce((sum, { microUsd }) => sum + microUsd, 0)).toBe(bill)
    expect(ofServer.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(server.stats().billed)
    expect((await cli(world.dir, ['spend', 'show'])).stdout).toContain(tier)
  },
  60_000,
)
