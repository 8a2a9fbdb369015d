/** A workspace as somebody meets it who opens the page: two fields, a run of a model, and a quarantine to read. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { loadConfig } from '../../../src/config/load.ts'
import { type ServedPage, servePage } from '../../../src/web/serve-page.ts'
import { cli, cliJson } from '../cli.ts'
import { currentField, openWorld, useServer, type World } from '../demo-world.ts'
import { startSimServer } from '../sim-server/server.ts'

const DEMO_FACTS = new URL('../../../demo/facts.jsonl', import.meta.url)

interface PageWorldSize {
  readonly folder: string
  /** Each so manieth fact of the demo. */
  readonly every: number
  /** Of the clusters, how many the built-in rules structure before a model gets the rest. */
  readonly byRules: number
  /** Texts that try to be more than text. */
  readonly hostile: readonly string[]
}

const PRICES = `[prices."sim/model-a"]
inputUsdPerMillion = 0.4
outputUsdPerMillion = 1.6
`

/** About one in five clusters stays invalid after its repair call. */
const FAULTS = { off_schema: 0.3, broken_json: 0.1, refusal: 0.06 }

export async function pageWorld({ folder, every, byRules, hostile }: PageWorldSize): Promise<World> {
  const world = openWorld(folder)
  mkdirSync(world.dir, { recursive: true })
  const file = join(folder, 'facts.jsonl')
  const lines = readFileSync(DEMO_FACTS, 'utf8').trimEnd().split('\n')
  const own = hostile.map((text, at) => JSON.stringify({ fact_id: `evil:${at}`, domain: 'Groups', text }))
  writeFileSync(file, `${[...lines.filter((_, at) => at % every === 0), ...own].join('\n')}\n`)
  await cliJson(world.dir, ['plan', file, '--shards', '8', '--every'])
  await cliJson(world.dir, ['run', '--limit', String(byRules)])
  await mergeAnyway(world)
  const server = await startSimServer({
    seed: 7,
    faults: FAULTS,
    script: hostile.map((text) => ({ fault: 'off_schema', promptHas: text.slice(0, 12) })),
  })
  try {
    useServer(world, server.url, PRICES)
    await cliJson(world.dir, ['run', '--new', '--max-usd', '0.5'])
  } finally {
    await server.close()
  }
  await mergeAnyway(world)
  return world
}

/** The gates stand in the way of what this world is for. */
async function mergeAnyway(world: World): Promise<void> {
  const gates = ['ok_rate', 'relation_shift_severe', 'keep_rate', 'field_shrinks']
  const { exitCode, stderr } = await cli(world.dir, [
    'merge',
    ...gates.flatMap((gate) => ['--override-gate', gate]),
  ])
  if (exitCode !== 0) throw new Error(`the merge ended with ${exitCode}: ${stderr}`)
}

export const TOKEN = 'a-token-of-the-tests'

export const serveWorld = (world: World): Promise<ServedPage> =>
  servePage({
    workspaceDir: world.dir,
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    loadConfig: () => loadConfig(undefined, join(world.dir, 'rff.toml'), {}),
    promptText: () => null,
    env: {},
    nowMs: Date.now,
  })

/** A relation type that the published field has, for somebody who wants to walk along one. */
export function commonestRelation(of: World): string {
  const field = new Database(join(currentField(of), 'field.sqlite'), { readonly: true })
  const rows = field.prepare('SELECT rel_type FROM edges GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1')
  const relation = rows.pluck().get() as string
  field.close()
  return relation
}
