/** Same plan, settings and answers: same digest, whatever the shards, threads, kills and order. */
import { expect, test } from 'vitest'
import { cliJson, startCli } from '../support/cli.ts'
import { fieldDigest, plannedWorld } from '../support/demo-world.ts'

const FACTS = 900

async function digestOf(shards: number, threads: number): Promise<string> {
  const world = await plannedWorld({ facts: FACTS, shards })
  await cliJson(world.dir, ['run', '--threads', String(threads)])
  await cliJson(world.dir, ['merge'])
  return fieldDigest(world)
}

test('1, 4 and 16 shards with 1, 2 and 4 threads give one digest', async () => {
  const digests: string[] = []
  for (const [shards, threads] of [
    [1, 1],
    [4, 2],
    [16, 1],
    [16, 4],
  ] as const)
    digests.push(await digestOf(shards, threads))
  expect(new Set(digests).size).toBe(1)
}, 180_000)

test('a run that is killed and resumed gives the digest of one that is not', async () => {
  const undisturbed = await digestOf(4, 2)
  const world = await plannedWorld({ facts: FACTS, shards: 4 })
  for (const afterMs of [250, 400]) {
    const running = startCli(world.dir, ['run'])
    setTimeout(() => running.process.kill('SIGKILL'), afterMs)
    await running.finished
    expect(world.conservation().difference).toBe(0)
  }
  await cliJson(world.dir, ['run'])
  await cliJson(world.dir, ['merge'])
  expect(fieldDigest(world)).toBe(undisturbed)
}, 120_000)
