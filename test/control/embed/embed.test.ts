/** embed and the search after it over a real workspace: two concepts, Heat and Light, of four facts. */
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Caps } from '../../../schemas/budget.ts'
import { configSchema } from '../../../schemas/config.ts'
import { SEARCH_KINDS } from '../../../schemas/search.ts'
import { type EmbedOptions, embed, estimateEmbed } from '../../../src/control/embed/embed.ts'
import { meaningOf } from '../../../src/control/embed/embed-query.ts'
import { openEmbedder } from '../../../src/control/embed/embedder.ts'
import { openIndexed } from '../../../src/control/search/open-indexed.ts'
import { openWorkspace } from '../../../src/control/workspace.ts'
import { search } from '../../../src/field/search/search.ts'
import { NO_CAPS } from '../../support/embedding-world.ts'
import { folderOfFile, newFolder } from '../../support/folder.ts'
import { makeMergedWorkspace } from '../../support/merged-workspace.ts'
import type { SimOptions } from '../../support/sim-server/script.ts'
import { startSimServer } from '../../support/sim-server/server.ts'

const CONCEPTS = SEARCH_KINDS.slice(0, 1)

const folder = folderOfFile()
const merged = join(folder, 'rff')

beforeAll(async () => {
  const { workspace, remove } = await makeMergedWorkspace()
  openIndexed(workspace, null, () => undefined).close()
  cpSync(workspace.dir, merged, { recursive: true })
  remove()
})

async function setup(sim: SimOptions = {}) {
  const server = await startSimServer({ seed: 5, ...sim })
  const dir = join(newFolder(), 'rff')
  cpSync(merged, dir, { recursive: true })
  const workspace = openWorkspace(dir, 'use')
  onTestFinished(async () => {
    workspace.close()
    await server.close()
  })
  const configOf = (embeddings: object = {}) =>
    configSchema.parse({
      embeddings: { model: 'sim/embedder', batchTexts: 1, queryDeadlineMs: 400, ...embeddings },
      providers: { sim: { baseUrl: server.url } },
      run: { backoffMs: 1, inFlight: 1 },
      prices: { 'sim/embedder': { inputUsdPerMillion: 2_000, outputUsdPerMillion: 0 } },
    })
  const embedNow = (more: Partial<EmbedOptions> = {}, embeddings: object = {}) =>
    embed(
      workspace,
      configOf(embeddings),
      { ...SILENT, signal: new AbortController().signal, ...more },
      () => 0,
    )
  const find = async (text: string, kind: (typeof SEARCH_KINDS)[number], embeddings: object = {}) => {
    const field = openIndexed(workspace, null, () => undefined)
    try {
      const asked = { text, kind, env: {}, nowMs: () => 0, mayAsk: true }
      const meaning = await meaningOf(workspace, configOf(embeddings), field, asked)
      const anything = { domain: null, relation: null, run: null, support: null, limit: 20, skip: 0 }
      return search(field, { text, kind, ...anything }, meaning)
    } finally {
      field.close()
    }
  }
  return { workspace, server, configOf, embedNow, find }
}

const SILENT: Omit<EmbedOptions, 'signal'> = {
  ...{ kinds: CONCEPTS, fieldTag: null, retriesRefused: false, caps: NO_CAPS, env: {} },
  ...{ say: () => undefined, onProgress: () => undefined },
}

const callsUpTo = (calls: number): Caps => ({ ...NO_CAPS, calls })

test('a build that facts were asked for stays open until they have their vectors, under its cap', async () => {
  const { embedNow } = await setup()
  const first = await embedNow({ kinds: SEARCH_KINDS, caps: callsUpTo(1) })
  expect(first).toMatchObject({ embedded: 1, stop: { code: 'budget_spent' }, build: { isClosed: false } })
  const { buildId } = first.build!
  // The concepts alone are done with the cap of all that was asked for.
  expect(await embedNow({ caps: callsUpTo(2) })).toMatchObject({
    ...{ embedded: 1, stop: null, inIndex: { concepts: 2 } },
    build: { buildId, isClosed: false },
  })
  const capped = await embedNow({ kinds: SEARCH_KINDS })
  expect(capped).toMatchObject({ embedded: 0, stop: { code: 'budget_spent' }, build: { buildId } })
  expect(await embedNow({ kinds: SEARCH_KINDS, caps: callsUpTo(99) })).toMatchObject({
    ...{ stop: null, inIndex: { concepts: 2 } },
    build: { buildId, isClosed: true },
  })
})

test('an open build is closed by a start that finds nothing left to do', async () => {
  const { embedNow } = await setup()
  const interrupting = new AbortController()
  const all = { onProgress: ({ embedded }: { embedded: number }) => embedded === 2 && interrupting.abort() }
  const { stop, build } = await embedNow({ signal: interrupting.signal, ...all })
  expect([stop?.code, build?.isClosed]).toEqual(['interrupted', false])
  expect(await embedNow()).toMatchObject({
    ...{ embedded: 0, requests: 0, stop: null },
    build: { buildId: build!.buildId, isClosed: true },
  })
  expect((await embedNow()).build).toBeNull()
})

test('an estimate wants no key, makes no file and asks nobody', async () => {
  const { workspace, configOf, server } = await setup()
  const options = { ...SILENT, kinds: CONCEPTS }
  const config = configOf({ model: 'openai/text-embedding-3-small' })
  const { estimate } = await estimateEmbed(workspace, config, options)
  expect(estimate).toMatchObject({ documents: 2, known: 0, todo: 2, tokensAre: 'exact' })
  for (const path of [workspace.embeddingsPath, workspace.limitsPath]) expect(existsSync(path)).toBe(false)
  expect(server.stats().requests).toBe(0)
  await expect(estimateEmbed(workspace, configOf({ model: 'rules' }), options)).rejects.toThrow(/no vectors/)
})

test('texts that were refused are asked for again where that is wanted', async () => {
  const { workspace, embedNow, configOf } = await setup({ embeddings: { refusesTexts: ['Light'] } })
  expect(await embedNow()).toMatchObject({ embedded: 1, refused: 1, stop: null })
  expect(await embedNow()).toMatchObject({ estimate: { todo: 0, refused: 1 }, build: null })
  const options = { ...SILENT, kinds: CONCEPTS, retriesRefused: true }
  const { estimate } = await estimateEmbed(workspace, configOf(), options)
  expect(estimate).toMatchObject({ todo: 1, refused: 0 })
  expect(await embedNow({ retriesRefused: true })).toMatchObject({ estimate: { todo: 1 }, refused: 1 })
})

test('the label of a kind without vectors says so, and no query is paid for', async () => {
  const { embedNow, find, server } = await setup()
  await embedNow()
  const { requests } = server.stats()
  expect(await find('warmth', 'facts')).toMatchObject({
    ...{ rankedBy: 'words', label: 'words, not sim/embedder: no facts of this field are embedded yet' },
    meaning: { embedded: 0, code: 'embeddings_missing' },
  })
  expect(server.stats().requests).toBe(requests)
  expect((await find('warmth', 'concepts')).label).toBe('hybrid (sim/embedder, 2 of 2 concepts embedded)')
})

test('after another length is asked for, what was embedded before counts for nothing', async () => {
  const { embedNow, find } = await setup()
  await embedNow()
  expect(await find('warmth', 'concepts', { dimensions: 32 })).toMatchObject({
    rankedBy: 'words',
    meaning: { embedded: 0, of: 2, code: 'embeddings_changed' },
  })
})

test('what another model was asked before does not show in the index of this one', async () => {
  const [plain, mixed] = [await setup(), await setup()]
  await mixed.embedNow({}, { dimensions: 32 })
  const indexOf = async ({ workspace, embedNow }: Awaited<ReturnType<typeof setup>>): Promise<string> => {
    const { fieldTag } = await embedNow()
    return readFileSync(join(workspace.dir, 'search', `${fieldTag}.vectors.sqlite`)).toString('latin1')
  }
  expect((await indexOf(mixed)) === (await indexOf(plain))).toBe(true)
  expect((await mixed.find('warmth', 'concepts')).rankedBy).toBe('hybrid')
})

test('a query whose search was killed is unknown after the next one, and booked at its worst case', async () => {
  const { workspace, configOf, embedNow, find } = await setup()
  await embedNow()
  const { store, modelNo, close } = await openEmbedder(workspace, configOf(), {})
  onTestFinished(close)
  const worst = { microUsd: 5, tokens: 5, calls: 1 }
  expect(store.reserveQuery({ modelNo, texts: 1, worst, sentAtMs: -3_600_000 }, NO_CAPS)).not.toBeNull()
  await find('warmth', 'concepts')
  expect(store.spend().filter(({ purpose }) => purpose === 'query')).toMatchObject([
    { state: 'settled', requests: 1 },
    { state: 'unknown', requests: 1, microUsd: 5 },
  ])
})
