/** Answer limits and reservations follow what answers need; a provider that bills beyond them is paused. */
import { expect, onTestFinished, test } from 'vitest'
import { cli, cliJson } from '../support/cli.ts'
import { plannedWorld, useServer } from '../support/demo-world.ts'
import type { SimOptions } from '../support/sim-server/script.ts'
import { startSimServer } from '../support/sim-server/server.ts'

async function setup(options: SimOptions, more: string) {
  const server = await startSimServer({ seed: 3, records: true, ...options })
  onTestFinished(() => server.close())
  const world = await plannedWorld({ facts: 600, shards: 1, args: ['--every'] })
  useServer(world, server.url, more)
  return { server, world }
}

interface Body {
  readonly max_tokens: number
  readonly messages: readonly { readonly content: string }[]
}

test('later requests reserve what answers need, and a truncated answer is repaired with all that is allowed', async () => {
  const { server, world } = await setup({ faults: { length: 0.05 } }, 'answerLimitTokens = 8000\n')
  await cliJson(world.dir, ['run'])
  const bodies = server
    .requests()
    .map(({ body }) => body as Body | null)
    .filter((body) => body !== null)
  const isRepair = ({ messages }: Body): boolean =>
    messages.some(({ content }) => content.startsWith('Your first answer was cut off'))
  const first = bodies.filter((body) => !isRepair(body)).map((body) => body.max_tokens)
  expect(first[0]).toBe(8_000)
  expect(first.at(-1)).toBeLessThan(2_000)
  const repairs = bodies.filter(isRepair).map((body) => body.max_tokens)
  expect(repairs.length).toBeGreaterThan(5)
  expect(new Set(repairs)).toEqual(new Set([16_000]))
  const reserved = world.shardRows<{ reserved: number }>(
    "SELECT reserved_tokens AS reserved FROM attempts WHERE lane = 'primary' AND provider = 'sim' ORDER BY attempt_id",
  )
  expect(reserved.at(-1)!.reserved).toBeLessThan(reserved[0]!.reserved)
  expect(world.conservation()).toMatchObject({ todo: 0, difference: 0 })
}, 120_000)

test('a provider that bills beyond its worst case is paused with exit 6, its answer kept', async () => {
  const { server, world } = await setup(
    { ignoresAnswerLimit: true },
    'answerLimitTokens = 64\ninFlight = 4\n[prices."sim/model-a"]\ninputUsdPerMillion = 0.1\noutputUsdPerMillion = 50\n',
  )
  const { exitCode, stderr } = await cli(world.dir, ['run', '--max-usd', '5'])
  expect([exitCode, stderr]).toEqual([6, expect.stringContaining('does not keep to the answer limit')])
  // What was in flight then is finished, and no more is begun.
  expect(server.stats().billed).toBeLessThanOrEqual(8)
  const [{ answers }] = world.shardRows<{ answers: number }>('SELECT count(*) AS answers FROM answers') as [
    { answers: number },
  ]
  expect(answers).toBeGreaterThanOrEqual(server.stats().billed)
}, 120_000)
