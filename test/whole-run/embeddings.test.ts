/** Vectors and hybrid search, with the real command line and a server that knows what it billed. */
import { once } from 'node:events'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import type { SearchKind } from '../../db/queries/search-reading.ts'
import type { Config } from '../../schemas/config.ts'
import type { OutputOf } from '../../schemas/output/outputs.ts'
import { SEARCH_KINDS, type SearchResult, searchResultSchema } from '../../schemas/search.ts'
import { loadConfig } from '../../src/config/load.ts'
import { embed } from '../../src/control/embed/embed.ts'
import { meaningOf } from '../../src/control/embed/embed-query.ts'
import { openIndexed } from '../../src/control/search/open-indexed.ts'
import { spend } from '../../src/control/status/spend.ts'
import { openWorkspace, type Workspace } from '../../src/control/workspace.ts'
import { type SearchRequest, search } from '../../src/field/search/search.ts'
import { cli, cliJson, startCli } from '../support/cli.ts'
import { plannedWorld, type World } from '../support/demo-world.ts'
import { folderOfFile, newFolder } from '../support/folder.ts'
import type { SimOptions } from '../support/sim-server/script.ts'
import { startSimServer } from '../support/sim-server/server.ts'

const folder = folderOfFile()
let merged: World
/** By words alone, over the same field. */
let concepts: number

beforeAll(async () => {
  merged = await plannedWorld({ facts: 220, shards: 2, args: ['--every'], folder })
  await cliJson(merged.dir, ['run'])
  await cliJson(merged.dir, ['merge'])
  concepts = (await searchIn(merged.dir, '', {})).total
}, 60_000)

type Embed = OutputOf<'embed'>

const PRICED = '[prices."sim/embedder"]\ninputUsdPerMillion = 2000\noutputUsdPerMillion = 0\n'
const SYNONYMS = [['ring', 'annulus']] as const

/** A copy of the merged workspace whose vectors come from a server of its own. */
async function setup(options: SimOptions = {}, settings = 'batchTexts = 8', prices = PRICED) {
  const server = await startSimServer({ seed: 5, embeddings: { synonyms: SYNONYMS }, ...options })
  onTestFinished(() => server.close())
  const dir = join(newFolder(), 'rff')
  cpSync(merged.dir, dir, { recursive: true })
  const configure = (more: string, url = server.url): void =>
    writeFileSync(
      join(dir, 'rff.toml'),
      `[embeddings]\nmodel = "sim/embedder"\n${more}\n[providers.sim]\nbaseUrl = "${url}"\n[run]\ndeadlineMs = 60000\nbackoffMs = 10\n${prices}`,
    )
  configure(settings)
  const rows = <T>(sql: string): T[] => {
    const db = new Database(join(dir, 'embeddings.sqlite'), { readonly: true })
    try {
      return db.prepare(sql).all() as T[]
    } finally {
      db.close()
    }
  }
  const find = (text: string, request: Partial<SearchRequest> = {}) => searchIn(dir, text, request)
  return { dir, server, configure, rows, find }
}

const ALL_CAPS = { tokens: null, calls: null }

async function using<T>(
  dir: string,
  act: (workspace: Workspace, config: Config) => Promise<T> | T,
): Promise<T> {
  const workspace = openWorkspace(dir, 'use')
  try {
    return await act(workspace, loadConfig(undefined, join(dir, 'rff.toml'), {}))
  } finally {
    workspace.close()
  }
}

/** As the command does it, without a process. */
const embedIn = (
  dir: string,
  { maxUsd = 100, kinds = SEARCH_KINDS.slice(0, 1) }: { maxUsd?: number; kinds?: readonly SearchKind[] } = {},
): Promise<Embed> =>
  using(dir, (workspace, config) => {
    const silent = {
      fieldTag: null,
      retriesRefused: false,
      say: () => undefined,
      onProgress: () => undefined,
    }
    const caps = { ...ALL_CAPS, microUsd: Math.floor(maxUsd * 1e6) }
    const { signal } = new AbortController()
    return embed(workspace, config, { ...silent, kinds, caps, env: {}, signal }, Date.now)
  })

/** As the command does it, without a process for each word. */
const searchIn = (dir: string, text: string, request: Partial<SearchRequest>): Promise<SearchResult> =>
  using(dir, async (workspace, config) => {
    const field = openIndexed(workspace, null, () => undefined)
    try {
      const { kind = 'concepts' } = request
      const asked = { text, kind, env: {}, nowMs: Date.now, mayAsk: true }
      const meaning = await meaningOf(workspace, config, field, asked)
      return searchResultSchema.parse(search(field, { ...ANYTHING, text, ...request }, meaning))
    } finally {
      field.close()
    }
  })

const ANYTHING: Omit<SearchRequest, 'text'> = {
  kind: 'concepts',
  domain: null,
  relation: null,
  run: null,
  support: null,
  limit: 20,
  skip: 0,
}

test('a paraphrase that words alone miss is found by meaning, and the label says what was used', async () => {
  const { dir, server, find } = await setup()
  const before = await find('annulus')
  expect(before).toMatchObject({
    rankedBy: 'words',
    total: 0,
    meaning: { model: 'sim/embedder', embedded: 0, of: concepts, code: 'embeddings_missing' },
  })
  expect(server.stats().requests).toBe(0)

  const done = await cliJson<Embed>(dir, ['embed', '--max-usd', '100'])
  expect(done).toMatchObject({ embedded: concepts, refused: 0, stop: null, build: { isClosed: true } })
  const found = await cliJson<SearchResult>(dir, ['search', 'annulus'])
  expect(found.rankedBy).toBe('hybrid')
  expect(found.label).toBe(`hybrid (sim/embedder, ${concepts} of ${concepts} concepts embedded)`)
  expect(found.concepts[0]).toMatchObject({ foundBy: 'meaning', name: expect.stringMatching(/ring/i) })

  // The words that were asked for once are in store: neither they nor any text is asked for again.
  const { billedTexts, textsBilledAgain } = server.stats()
  expect([billedTexts, textsBilledAgain]).toEqual([concepts + 1, 0])
  expect(await find('annulus ', { limit: 10 })).toEqual(found)
  expect(await embedIn(dir)).toMatchObject({ embedded: 0, requests: 0, build: null })
  expect(server.stats().billedTexts).toBe(billedTexts)
}, 60_000)

test('a facet narrows what is found by meaning too, and a name stays first', async () => {
  const { dir, find } = await setup()
  await embedIn(dir, { kinds: SEARCH_KINDS })
  const all = await find('annulus')
  const [domain] = all.facets.domain
  const narrowed = await find('annulus', { domain: domain!.value })
  expect(narrowed.total).toBeGreaterThan(0)
  expect(narrowed.concepts.every((hit) => hit.domain === domain!.value)).toBe(true)
  const { name } = (await find('')).concepts[0]!
  expect((await find(name)).concepts[0]).toMatchObject({ name, foundBy: 'both' })
  const facts = await find('annulus', { kind: 'facts' })
  expect(facts).toMatchObject({ rankedBy: 'hybrid', label: expect.stringContaining('facts embedded') })
  expect(facts.facts[0]!.text).toMatch(/ring/i)
}, 60_000)

test('a build that is killed goes on without paying for a text whose vector had come', async () => {
  const latency = { medianMs: 120, sigma: 0.1 }
  const { dir, server, rows } = await setup({ latency }, 'batchTexts = 8', `inFlight = 2\n${PRICED}`)
  const killed = startCli(dir, ['embed', '--max-usd', '100'])
  const stored = (): number =>
    server.stats().billed > 3 ? rows<{ n: number }>('SELECT count(*) AS n FROM vectors')[0]!.n : 0
  while (stored() === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  killed.process.kill('SIGKILL')
  await once(killed.process, 'close')
  const kept = stored()
  const onTheWay = rows<{ texts: number }>("SELECT texts FROM requests WHERE state = 'sent'")
  expect(kept).toBeLessThan(concepts)

  expect(await embedIn(dir)).toMatchObject({ stop: null, embedded: concepts - kept, inIndex: { concepts } })
  // Only what was on its way when the process died may be on the bill twice: it is booked at its worst case.
  const atMost = onTheWay.reduce((sum, { texts }) => sum + texts, 0)
  const { textsBilledAgain, billedPromptTokens } = server.stats()
  expect(textsBilledAgain).toBeLessThanOrEqual(atMost)
  expect(rows("SELECT 1 FROM requests WHERE state = 'sent'")).toEqual([])
  expect(rows("SELECT texts FROM requests WHERE state = 'unknown'")).toEqual(onTheWay)
  const [{ tokens }] = rows<{ tokens: number }>('SELECT sum(tokens) AS tokens FROM booked') as [
    { tokens: number },
  ]
  expect(tokens).toBeGreaterThanOrEqual(billedPromptTokens)
  const { failed, checks } = await cliJson<OutputOf<'audit'>>(dir, ['audit', '--deep'])
  expect(failed).toBe(0)
  expect(checks.map(({ name }) => name)).toContain('embeddings_within_caps')
}, 60_000)

test('a cap holds over every start, the best connected are bought first, and a raised one goes on', async () => {
  const { dir, server, find } = await setup({}, 'batchTexts = 4')
  const { estimate } = await cliJson<OutputOf<'embed --dry-run'>>(dir, ['embed', '--dry-run'])
  expect(server.stats().requests).toBe(0)
  // The estimate is a bound by bytes, and the server bills a token for four of them.
  const half = String(estimate.microUsd! / 8e6)
  const first = await cli(dir, ['--json', 'embed', '--max-usd', half])
  expect([first.exitCode, JSON.parse(first.stdout).stop.code]).toEqual([4, 'budget_spent'])
  expect((await embedIn(dir, { maxUsd: Number(half) })).stop?.code).toBe('budget_spent')
  const { billedPromptTokens } = server.stats()
  expect(billedPromptTokens * 2_000).toBeLessThanOrEqual(Number(half) * 1e6)

  const { meaning, concepts: leaders } = await find('annulus')
  expect(meaning!.embedded).toBeGreaterThan(0)
  expect(meaning!.embedded).toBeLessThan(concepts)
  expect(leaders.length).toBeGreaterThan(0)

  const done = await embedIn(dir)
  expect(done).toMatchObject({ stop: null, inIndex: { concepts }, build: { isClosed: true } })
  expect(server.stats().textsBilledAgain).toBe(0)
  const { embeddings } = await using(dir, spend)
  const spent = embeddings.reduce((sum, { tokens }) => sum + tokens, 0)
  expect(spent).toBe(server.stats().billedPromptTokens)
}, 60_000)

test('search goes by words, and says why, where the vector of a query does not come', async () => {
  const { dir, configure, find } = await setup()
  await embedIn(dir)
  const codeOf = async (word: string) => {
    const { rankedBy, meaning, label } = await find(word)
    expect([rankedBy, label]).toEqual(['words', expect.stringContaining(meaning!.why!)])
    return meaning!.code
  }
  configure('', 'http://127.0.0.1:9/v1') // nobody listens there
  expect(await codeOf('torus')).toBe('provider_error')
  configure('queriesMaxUsd = 0')
  expect(await codeOf('torus')).toBe('budget_spent')
  configure('dimensions = 32')
  expect(await codeOf('torus')).toBe('embeddings_changed')
  expect((await find('torus')).label).toContain('dimensions null, now 32')
  writeFileSync(join(dir, 'rff.toml'), '[embeddings]\nmodel = "openai/text-embedding-3-small"\n')
  expect(await codeOf('torus')).toBe('embeddings_changed')
  rmSync(join(dir, 'rff.toml'))
  expect(await find('torus')).toMatchObject({ rankedBy: 'words', label: 'words', meaning: null })
}, 60_000)

test('another length, a missing key and a missing price are said before anything is spent', async () => {
  const { dir, configure, server } = await setup()
  const toml = (model: string): void =>
    writeFileSync(join(dir, 'rff.toml'), `${model}\n[providers.sim]\nbaseUrl = "http://127.0.0.1:9/v1"\n`)
  for (const [settings, code] of [
    ['', 'embeddings_not_set'],
    ['[embeddings]\nmodel = "openai/text-embedding-3-small"', 'provider_key_missing'],
    ['[embeddings]\nmodel = "sim/other"', 'usage'],
  ] as const) {
    toml(settings)
    await expect(embedIn(dir)).rejects.toMatchObject({ code })
  }
  expect(server.stats().requests).toBe(0)

  configure('')
  await embedIn(dir)
  const other = await startSimServer({ embeddings: { dimensions: 48 } })
  onTestFinished(() => other.close())
  configure('textPrefix = "passage: "', other.url)
  const { exitCode, stdout } = await cli(dir, ['--json', 'embed', '--max-usd', '100'])
  const { stop, embedded } = JSON.parse(stdout) as Embed
  expect([exitCode, stop?.code, embedded]).toEqual([2, 'embedding_dimensions_differ', 0])
  expect(stop?.message).toMatch(/48 numbers, expected 64/)
}, 60_000)

test('the same answers give the same index, byte for byte, whichever came first', async () => {
  const faults = { server_error: 0.2, rate_limited: 0.1 }
  const latency = { medianMs: 5, sigma: 1 }
  const [calm, stormy] = [
    await setup(),
    await setup({ faults, latency, embeddings: { synonyms: SYNONYMS, ignoresFormat: true } }),
  ]
  const indexOf = async (dir: string): Promise<string> => {
    const { fieldTag } = await embedIn(dir)
    return readFileSync(join(dir, 'search', `${fieldTag}.vectors.sqlite`)).toString('latin1')
  }
  expect((await indexOf(stormy.dir)) === (await indexOf(calm.dir))).toBe(true)
}, 60_000)

test('after a kill a list of the provider settles runs and vectors alike, and the books are the bill', async () => {
  const latency = { medianMs: 120, sigma: 0.1 }
  const { dir, server, rows } = await setup({ latency }, 'batchTexts = 8', `inFlight = 2\n${PRICED}`)
  const killed = startCli(dir, ['embed', '--max-usd', '100'])
  while (server.stats().billed < 4) await new Promise((resolve) => setTimeout(resolve, 20))
  killed.process.kill('SIGKILL')
  await once(killed.process, 'close')
  await embedIn(dir)
  expect(rows("SELECT 1 FROM requests WHERE state = 'unknown'").length).toBeGreaterThan(0)
  expect((await cli(dir, ['spend', 'show'])).stdout).toContain('next: rff-shard spend reconcile')

  const list = join(dir, 'billed.jsonl')
  writeFileSync(
    list,
    server
      .billed()
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  )
  const { vectors, foreign } = await cliJson<OutputOf<'spend reconcile'>>(dir, ['spend', 'reconcile', list])
  expect(vectors).toMatchObject({ notMatched: 0, heldBy: null, failure: null })
  expect(vectors!.billed + vectors!.notBilled).toBeGreaterThan(0)
  expect(foreign).toBe(0)
  const { embeddings } = await using(dir, spend)
  const { billedPromptTokens } = server.stats()
  expect(embeddings.reduce((sum, { microUsd }) => sum + microUsd, 0)).toBe(billedPromptTokens * 2_000)
  expect((await cliJson<OutputOf<'audit'>>(dir, ['audit'])).failed).toBe(0)
  expect((await cli(dir, ['spend', 'reconcile', list])).stdout).toContain('vectors\n  billed       0')
}, 60_000)

test('vectors are counted in the usage window, and stop before its share is used up', async () => {
  const { dir, server, rows } = await setup({}, 'batchTexts = 4', `inFlight = 4\n${PRICED}`)
  const toml = readFileSync(join(dir, 'rff.toml'), 'utf8')
  const reset = `${new Date(Date.now() - 60_000).toISOString().slice(0, 16)}Z`
  const allowed = 1_000
  writeFileSync(
    join(dir, 'rff.toml'),
    `${toml}\n[window]\ntokens = ${2 * allowed}\nhours = 1\nreset = "${reset}"\nshare = 0.5\n`,
  )
  for (let start = 0; start < 2; start++) {
    const { exitCode, stdout } = await cli(dir, ['--json', 'embed', '--max-usd', '100'])
    const { stop, build } = JSON.parse(stdout) as Embed
    expect([exitCode, stop?.code, build?.isClosed]).toEqual([5, 'window_exhausted', false])
    expect(stop!.message).toContain(new Date(Date.parse(reset) + 3_600_000).toISOString())
  }
  const { billedPromptTokens, textsBilledAgain } = server.stats()
  expect([billedPromptTokens <= allowed, billedPromptTokens > allowed / 2, textsBilledAgain]).toEqual([
    true,
    true,
    0,
  ])
  const [{ used }] = rows<{ used: number }>('SELECT sum(tokens) AS used FROM booked') as [{ used: number }]
  const { window } = await cliJson<OutputOf<'status'>>(dir, ['status'])
  expect(window).toMatchObject({ usedTokens: used, allowedTokens: allowed })
  // A window that has passed holds nobody up.
  writeFileSync(join(dir, 'rff.toml'), toml)
  expect(await embedIn(dir)).toMatchObject({ stop: null, build: { isClosed: true } })
}, 60_000)
