import OpenAI, { toFile } from 'openai'
import { expect, onTestFinished, test } from 'vitest'
import type { SimOptions } from './script.ts'
import { type SimServer, startSimServer } from './server.ts'

interface World {
  readonly server: SimServer
  readonly client: OpenAI
  /** Uploads so many lines and creates a batch of them. */
  submit(count: number, change?: Record<string, unknown>): Promise<OpenAI.Batch>
  /** Looks until the batch has ended; the states on the way. */
  finish(id: string): Promise<{ states: string[]; batch: OpenAI.Batch }>
  linesOf(fileId: string | null | undefined): Promise<Record<string, unknown>[]>
}

async function setup(options: SimOptions = {}): Promise<World> {
  const server = await startSimServer(options)
  onTestFinished(() => server.close())
  const client = new OpenAI({ baseURL: server.url, apiKey: 'none', maxRetries: 0, logLevel: 'off' })
  return {
    server,
    client,
    submit: async (count, change = {}) => {
      const lines = Array.from({ length: count }, (_, n) => {
        const body = { model: 'm', messages: [{ role: 'user', content: `prompt ${n}` }] }
        return JSON.stringify({
          custom_id: `a${n}`,
          method: 'POST',
          url: '/v1/chat/completions',
          body,
          ...change,
        })
      })
      const file = await client.files.create({
        file: await toFile(Buffer.from(lines.join('\n')), 'in.jsonl'),
        purpose: 'batch',
      })
      return client.batches.create({
        input_file_id: file.id,
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
        metadata: { intent: 'i1' },
      })
    },
    finish: async (id) => {
      const states: string[] = []
      for (;;) {
        const batch = await client.batches.retrieve(id)
        states.push(batch.status)
        if (['completed', 'failed', 'expired', 'cancelled'].includes(batch.status)) return { states, batch }
      }
    },
    linesOf: async (fileId) => {
      if (fileId == null) return []
      const text = await (await client.files.content(fileId)).text()
      return text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    },
  }
}

test('a batch goes through its states and answers every line once, in another order', async () => {
  const { server, submit, finish, linesOf } = await setup()
  const { states, batch } = await finish((await submit(20)).id)
  expect(states).toEqual(['in_progress', 'finalizing', 'completed'])
  const ids = (await linesOf(batch.output_file_id)).map(({ custom_id }) => custom_id as string)
  const asked = Array.from({ length: 20 }, (_, n) => `a${n}`)
  expect(ids).not.toEqual(asked)
  expect([...ids].sort()).toEqual(asked.sort())
  expect(server.stats()).toMatchObject({ requests: 0, batchLines: 20, billed: 20, billedAgain: 0 })
})

test('an expired batch delivers and bills what was done, and names the rest', async () => {
  const { server, submit, finish, linesOf } = await setup({
    batches: { outcomes: ['expired'], doneShare: 0.25 },
  })
  const { batch } = await finish((await submit(8)).id)
  expect(batch.status).toBe('expired')
  expect(await linesOf(batch.output_file_id)).toHaveLength(2)
  const rest = await linesOf(batch.error_file_id)
  expect(rest).toHaveLength(6)
  expect(rest[0]).toMatchObject({ response: null, error: { code: 'batch_expired' } })
  expect(server.stats().billed).toBe(2)
})

test('a cancelled batch delivers what was done', async () => {
  const { client, submit, finish, linesOf } = await setup()
  const { id } = await submit(4)
  expect((await client.batches.cancel(id)).status).toBe('cancelling')
  const { batch } = await finish(id)
  expect(batch.status).toBe('cancelled')
  expect(await linesOf(batch.output_file_id)).toHaveLength(2)
})

test('a batch that fails does so after its creation, with the reason', async () => {
  const { submit, finish } = await setup({ batches: { outcomes: ['failed'] } })
  const limited = await finish((await submit(2)).id)
  expect(limited.batch.errors?.data?.[0]?.code).toBe('token_limit_exceeded')
  const twice = await finish((await submit(2, { custom_id: 'same' })).id)
  expect(twice.batch).toMatchObject({
    status: 'failed',
    errors: { data: [{ code: 'duplicate_custom_id', line: 2 }] },
  })
})

test('lines that fail stand in the error file and are not billed', async () => {
  const script = [{ fault: 'server_error', promptHas: 'prompt 1' }] as const
  const { server, submit, finish, linesOf } = await setup({ script })
  const { batch } = await finish((await submit(3)).id)
  const [failed] = await linesOf(batch.error_file_id)
  expect(failed).toMatchObject({ custom_id: 'a1', response: { status_code: 500 } })
  expect(server.stats().billed).toBe(2)
})

test('a file and a batch that nobody remembers are found again by listing', async () => {
  const { client, submit } = await setup()
  const first = await submit(1)
  const second = await submit(1)
  const names: string[] = []
  for await (const file of client.files.list()) names.push(file.filename)
  expect(names).toEqual(['in.jsonl', 'in.jsonl'])
  const found: [string, unknown][] = []
  for await (const batch of client.batches.list({ limit: 1 })) found.push([batch.id, batch.metadata])
  expect(found).toEqual([
    [second.id, { intent: 'i1' }],
    [first.id, { intent: 'i1' }],
  ])
})

test('a fresh file may not be found for a moment', async () => {
  const { submit } = await setup({ batches: { freshFileNotFoundTimes: 1 } })
  await expect(submit(1)).rejects.toMatchObject({ status: 404 })
  expect((await submit(1)).status).toBe('validating')
})
