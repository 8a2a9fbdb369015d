/** Who may use how much of a usage window. */
import { expect, onTestFinished, test } from 'vitest'
import { openDb } from '../../../db/open.ts'
import { embeddingQueries } from '../../../db/queries/embeddings.ts'
import { windowKeeper } from '../../../src/control/run/window-keeper.ts'
import { openWorkspace } from '../../../src/control/workspace.ts'
import { windowGate } from '../../../src/runner/window-gate.ts'
import { newFolder } from '../../support/folder.ts'

const WINDOW = { tokens: 1_600, hours: 1, reset: '23:00Z', share: 1 }
const NOW_MS = Date.parse('2026-11-20T23:30:00Z')

function setup() {
  const workspace = openWorkspace(newFolder(), 'create')
  onTestFinished(() => workspace.close())
  const keeperFor = (purpose: 'run' | 'embed') => {
    const keeper = windowKeeper(workspace, WINDOW, purpose, () => NOW_MS)!
    const gate = windowGate(
      keeper.memory,
      () => NOW_MS,
      async (tokens) => keeper.fill(tokens),
    )
    const take = (tokens: number) => gate.enter(tokens, new AbortController().signal)
    return { ...keeper, take }
  }
  return { workspace, keeperFor }
}

test('a run and a making of vectors in one process share what the window gives', async () => {
  const { keeperFor } = setup()
  const [running, embedding] = [keeperFor('run'), keeperFor('embed')]
  expect(await running.take(1_000)).not.toBeNull()
  expect(await embedding.take(601)).toBeNull()
  expect(await embedding.take(600)).not.toBeNull()
  expect(running.fill(1)).toBe(false)
  embedding.close()
  expect(running.fill(600)).toBe(true)
})

test('what vectors have used is not there for a run, and what is under way counts as all that was reserved', async () => {
  const { workspace, keeperFor } = setup()
  const db = openDb(workspace.embeddingsPath, 'embeddings', { mode: 'create' })
  const store = embeddingQueries(db)
  const { modelNo } = store.ensureModel({ provider: 'sim', model: 'embedder', dimensionsAsked: 0 })
  const send = (sentAtMs: number): number =>
    store.reserveQuery(
      { modelNo, texts: 1, worst: { microUsd: 0, tokens: 500, calls: 1 }, sentAtMs },
      { microUsd: null, tokens: null, calls: null },
    )!
  send(NOW_MS - 3_600_000) // in the window before
  send(NOW_MS)
  const answered = send(NOW_MS)
  const told = { latencyMs: 1, providerRequestId: null, answeredModel: null, code: null, isBound: false }
  store.settle({ ...told, requestId: answered, cost: { microUsd: 0, tokens: 100, calls: 1 } }, [], null)
  db.close()
  const running = keeperFor('run')
  expect(running.fill(1_001)).toBe(false)
  expect(running.fill(1_000)).toBe(true)
})
