/** Filling with a real limiter, real files and a server that knows what it billed. */
import { expect, test } from 'vitest'
import { RffError } from '../../../schemas/failure.ts'
import { embeddingWorld } from '../../support/embedding-world.ts'

const texts = (count: number, word = 'text'): string[] =>
  Array.from({ length: count }, (_, at) => `${word} number ${at}`)

test('a server that fails every time ends the filling, and is not asked for ever', async () => {
  const { fill, rows } = await embeddingWorld({ faults: { server_error: 1 } })
  const { stop, embedded } = await fill(texts(8))
  expect([embedded, stop?.code]).toEqual([0, 'systemic_failure'])
  expect(stop?.message).toMatch(/fails every time, and so did \d+ probes/)
  expect(rows("SELECT 1 FROM requests WHERE state <> 'failed'")).toEqual([])
})

test('a server that goes bad later is at fault, and not the texts: none is set aside', async () => {
  const world = await embeddingWorld()
  expect(await world.fill(texts(4))).toMatchObject({ embedded: 4, stop: null })
  const bad = await world.reopen({ script: [{ fault: 'bad_request' }] })
  // Also where fewer are refused than patience lasts for.
  for (const count of [6, 20]) {
    const { stop, refused } = await bad.fill(texts(count))
    expect([stop?.code, refused]).toEqual(['systemic_failure', 0])
    expect(stop?.message).toMatch(/provider_rejected: .*cannot be served/)
  }
  expect(bad.rows('SELECT * FROM refused')).toEqual([])
  const mended = await world.reopen()
  expect(await mended.fill(texts(20))).toMatchObject({ embedded: 16, refused: 0, stop: null })
})

test('a question that no text is at fault for is not held against any: nothing is set aside', async () => {
  const { fill, rows } = await embeddingWorld(
    { rejectedParameters: ['dimensions'] },
    { embeddings: { dimensions: 32 } },
  )
  const { stop, refused } = await fill(texts(8))
  expect([stop?.code, refused]).toEqual(['systemic_failure', 0])
  expect(stop?.message).toMatch(/'dimensions' is not supported/)
  expect(rows('SELECT * FROM refused')).toEqual([])
})

test('texts that the model does not take are set aside, however many follow one another', async () => {
  const world = await embeddingWorld({ embeddings: { refusesTexts: ['long'] } })
  const all = [...texts(20, 'long'), ...texts(5)]
  expect(await world.fill(all)).toMatchObject({ embedded: 5, refused: 20, stop: null })
  // Also at the very end, where no answer of another text comes any more.
  const { fill, server, rows } = await world.reopen({ embeddings: { refusesTexts: ['long'] } })
  expect(await fill([...all, 'one more long one'])).toMatchObject({ embedded: 0, refused: 1, stop: null })
  expect(await fill(all)).toMatchObject({ embedded: 0, refused: 0, requests: 0 })
  expect(server.stats().requests).toBe(2) // the text, and a word that every model takes
  expect(rows('SELECT count(*) AS n FROM refused')).toEqual([{ n: 21 }])
})

test('a gateway that answers with a page is tried again, and no text is halved or set aside for it', async () => {
  const { fill, rows, server } = await embeddingWorld({ script: [{ fault: 'html', times: 3 }] })
  expect(await fill(texts(4))).toMatchObject({ embedded: 4, refused: 0, stop: null })
  expect(rows('SELECT DISTINCT texts FROM requests')).toEqual([{ texts: 4 }])
  expect(server.stats().textsBilledAgain).toBe(0)
})

test('an answer that cannot be used is booked at what it says, asked for once more, and then in halves', async () => {
  const { fill, rows, server } = await embeddingWorld({ embeddings: { zeroTexts: ['number 2'] } })
  expect(await fill(texts(4))).toMatchObject({ embedded: 3, refused: 1, stop: null })
  expect(rows('SELECT code FROM refused')).toEqual([{ code: 'embedding_unusable' }])
  expect(rows("SELECT texts FROM requests WHERE code = 'embedding_unusable' ORDER BY request_id")).toEqual(
    [4, 4, 2, 2, 1, 1].map((count) => ({ texts: count })),
  )
  expect(rows('SELECT sum(tokens) AS tokens FROM booked')).toEqual([
    { tokens: server.stats().billedPromptTokens },
  ])
  expect(rows('SELECT DISTINCT answered_model AS model FROM requests')).toEqual([{ model: 'embedder-sim' }])
})

test('who waits for room in the budget lets a request go again that was told to wait', async () => {
  // After being told to wait there is one place, and whoever waits for room has it.
  const { fill, embedder } = await embeddingWorld(
    { script: [{ fault: 'rate_limited', times: 1 }] },
    { run: { inFlight: 2, backoffMs: 300 } },
  )
  const [first, second] = [texts(4), texts(4, 'other')]
  const { tokensOf, worstCase } = embedder.meter
  const worst = worstCase(second.reduce((sum, text) => sum + tokensOf(text), 0))
  const { embedded, stop } = await fill([...first, ...second], { microUsd: worst.microUsd })
  // Each fits alone; what the first has cost less than its worst case is not enough for the second.
  expect([embedded, stop?.code]).toEqual([4, 'budget_spent'])
})

test('an answer without usage is booked as it was reserved, and is no overbilling', async () => {
  const { fill, rows } = await embeddingWorld(
    { faults: { no_usage: 1 } },
    { model: 'sim/text-embedding-3-small' },
  )
  expect(await fill(texts(4), { tokens: 100_000 })).toMatchObject({ embedded: 4, stop: null })
  const [{ isExact, reserved, booked }] = rows<{ isExact: number; reserved: number; booked: number }>(
    'SELECT reserved_tokens < 60 AS isExact, reserved_tokens AS reserved, tokens AS booked FROM requests',
  ) as [{ isExact: number; reserved: number; booked: number }]
  expect([isExact, booked]).toEqual([1, reserved])
})

test('one failed commit loses nothing of what the others have paid for', async () => {
  const { fill, change, rows, server } = await embeddingWorld({ latency: { medianMs: 20, sigma: 0.3 } })
  change(`CREATE TRIGGER failing BEFORE UPDATE ON requests WHEN NEW.request_id = 2
    BEGIN SELECT RAISE(ABORT, 'the disk said no'); END`)
  await expect(fill(texts(16))).rejects.toThrow('the disk said no')
  const { billedTexts } = server.stats()
  expect(rows('SELECT count(*) AS n FROM vectors')).toEqual([{ n: billedTexts - 4 }])
  expect(rows("SELECT request_id AS id FROM requests WHERE state = 'sent'")).toEqual([{ id: 2 }])
})

test('nothing is bought any more by whoever has lost the lease', async () => {
  const { fill, server, embedder } = await embeddingWorld()
  let asked = 0
  const expectHeld = (): void => {
    asked += 1
    if (asked > 2) throw new RffError('lease_lost', 'embed was taken over')
  }
  await expect(fill(texts(40), {}, { expectHeld })).rejects.toThrow(/taken over/)
  expect(server.stats().requests).toBe(2)
  // Nor does it keep a place.
  expect(embedder.limiter.inFlight).toBe(0)
})
