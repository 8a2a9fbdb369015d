/** A workspace as somebody meets it who opens the page: two fields, a run of a model, and a quarantine to read. */
import { cli, cliJson } from '../cli.ts'
import { plannedWorld, useServer, type World } from '../demo-world.ts'
import { startSimServer } from '../sim-server/server.ts'

interface PageWorldSize {
  readonly facts: number
  /** Of the clusters, how many the built-in rules structure before a model gets the rest. */
  readonly byRules: number
}

const PRICES = `[prices."sim/model-a"]
inputUsdPerMillion = 0.4
outputUsdPerMillion = 1.6
`

/** Faults of the second half: about one in six clusters stays invalid after its repair call. */
const FAULTS = { off_schema: 0.25, broken_json: 0.1, refusal: 0.05, cut_body: 0.02 }

export async function pageWorld({ facts, byRules }: PageWorldSize): Promise<World> {
  const world = await plannedWorld({ facts, shards: 8, args: ['--every'] })
  await cliJson(world.dir, ['run', '--limit', String(byRules)])
  await mergeAnyway(world)
  const server = await startSimServer({ seed: 7, faults: FAULTS })
  try {
    useServer(world, server.url, PRICES)
    await cliJson(world.dir, ['run', '--new', '--max-usd', '2'])
  } finally {
    await server.close()
  }
  await mergeAnyway(world)
  return world
}

/** The gate of the ok rate stands in the way of what this world is for. */
async function mergeAnyway(world: World): Promise<void> {
  const { exitCode, stderr } = await cli(world.dir, [
    'merge',
    '--override-gate',
    'ok_rate',
    '--override-gate',
    'relation_shift_severe',
    '--override-gate',
    'keep_rate',
  ])
  if (exitCode !== 0) throw new Error(`the merge ended with ${exitCode}: ${stderr}`)
}
