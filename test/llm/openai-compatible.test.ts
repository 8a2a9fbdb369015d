import { getEventListeners } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { Answer, AskFailure, Reply } from '../../schemas/prompt.ts'
import { structureSchema } from '../../schemas/structure.ts'
import { openaiCompatibleProvider } from '../../src/llm/openai-compatible.ts'
import { PROFILES } from '../../src/llm/profiles.ts'
import type { Fault } from '../support/sim-server/script.ts'
import { KEY, requestOf, setup } from './support/world.ts'

const answerOf = (reply: Reply): Answer => {
  expect(reply).toMatchObject({ ok: true })
  return (reply as Extract<Reply, { ok: true }>).answer
}
const failureOf = (reply: Reply): AskFailure => {
  expect(reply).toMatchObject({ ok: false })
  return (reply as Extract<Reply, { ok: false }>).failure
}
const never = (): AbortSignal => new AbortController().signal

describe('an answer', () => {
  test('comes with its text, model, id and the usage that was billed', async () => {
    const { server, ask } = await setup()
    const answer = answerOf(await ask())
    expect(structureSchema.safeParse(JSON.parse(answer.text)).success).toBe(true)
    const { billedPromptTokens, billedAnswerTokens } = server.stats()
    expect(answer).toMatchObject({ finishReason: 'stop', model: 'sim-1-sim', requestId: 'req_1_1' })
    expect(answer.usage).toEqual({
      promptTokens: billedPromptTokens,
      cachedTokens: 0,
      answerTokens: billedAnswerTokens,
    })
  })

  test('tells the limits that its headers told', async () => {
    const { ask } = await setup({ limits: { tokensPerMinute: 30_000, headers: 'commas' } })
    const { limits } = answerOf(await ask())
    expect(limits).toMatchObject({ requests: null, tokens: { limit: 30_000 }, projectTokens: null })
    expect(limits?.tokens?.remaining).toBeLessThan(29_000)
    expect(limits?.tokens?.resetMs).toBeGreaterThan(1_000)
  })

  test.each([
    ['refusal', 'refusal', "I'm sorry, I can't help with that."],
    ['content_filter', 'content_filter', ''],
    ['empty', 'stop', ''],
  ] as const)('with %s is an answer with its usage, for it was billed', async (fault, finishReason, text) => {
    const { server, ask } = await setup({ faults: { [fault]: 1 } })
    const answer = answerOf(await ask())
    expect(answer).toMatchObject({ finishReason, text })
    expect(answer.usage.promptTokens).toBe(server.stats().billedPromptTokens)
  })

  test('that hits its limit says so and has as many tokens as the limit', async () => {
    const { ask } = await setup()
    const answer = answerOf(await ask(requestOf({ answerLimitTokens: 7 })))
    expect(answer).toMatchObject({ finishReason: 'length', usage: { answerTokens: 7 } })
  })

  test('without usage is booked at the most that it can have been', async () => {
    const { server, ask } = await setup({ faults: { no_usage: 1 } })
    const { usage } = answerOf(await ask())
    expect(usage).toMatchObject({ isBound: true, answerTokens: 1_000 })
    expect(usage.promptTokens).toBeGreaterThanOrEqual(server.stats().billedPromptTokens)
  })

  test.each(['broken_json', 'fenced', 'thinking', 'off_schema'] as const)(
    'with %s in it is handed on as it is: judging is not the provider’s',
    async (fault) => {
      const { ask } = await setup({ faults: { [fault]: 1 } })
      const { text } = answerOf(await ask())
      expect(text).toContain('cept')
      expect(text).not.toBe(answerOf(await (await setup()).ask()).text)
    },
  )
})

describe('a failure', () => {
  const judged: [Fault, Partial<AskFailure>][] = [
    ['rate_limited', { code: 'provider_busy', isSystemic: false, mayBeBilled: false, httpStatus: 429 }],
    ['request_too_large', { code: 'request_too_large', isSystemic: false, mayBeBilled: false }],
    ['context_length', { code: 'request_too_large', isSystemic: false, mayBeBilled: false }],
    ['no_credit', { code: 'provider_no_credit', isSystemic: true, httpStatus: 429 }],
    ['payment_required', { code: 'provider_no_credit', isSystemic: true, httpStatus: 402 }],
    ['unauthorised', { code: 'provider_unauthorised', isSystemic: true, httpStatus: 401 }],
    ['forbidden', { code: 'provider_unauthorised', isSystemic: true, httpStatus: 403 }],
    ['model_unknown', { code: 'provider_model_unknown', isSystemic: true, httpStatus: 404 }],
    ['bad_request', { code: 'provider_rejected', isSystemic: false, httpStatus: 400 }],
    ['request_timeout', { code: 'provider_error', mayBeBilled: true, httpStatus: 408 }],
    ['server_error', { code: 'provider_error', isSystemic: false, mayBeBilled: false, httpStatus: 500 }],
    ['unavailable', { code: 'provider_error', isSystemic: false, mayBeBilled: false, httpStatus: 503 }],
    ['overloaded', { code: 'provider_error', isSystemic: false, mayBeBilled: false, httpStatus: 529 }],
    [
      'error_in_200',
      { code: 'provider_error', mayBeBilled: false, message: 'Upstream error', httpStatus: 200 },
    ],
    ['html', { code: 'provider_error', mayBeBilled: true, httpStatus: 200 }],
    ['no_choices', { code: 'provider_error', mayBeBilled: true, httpStatus: 200 }],
    ['reset_before', { code: 'provider_error', mayBeBilled: true, httpStatus: null }],
    ['reset_in_body', { code: 'provider_error', mayBeBilled: true, httpStatus: null }],
    ['cut_body', { code: 'provider_error', mayBeBilled: true, httpStatus: 200 }],
    ['hang', { code: 'provider_timeout', isSystemic: false, mayBeBilled: true }],
    ['stall_in_body', { code: 'provider_timeout', isSystemic: false, mayBeBilled: true }],
    ['slow_drip', { code: 'provider_timeout', isSystemic: false, mayBeBilled: true }],
    [
      'flood',
      {
        code: 'provider_error',
        mayBeBilled: true,
        message: expect.stringMatching(/longer than 16777216 bytes/),
      },
    ],
  ]
  test.each(judged)('by %s is one request and has its code', async (fault, expected) => {
    const deadlineMs = expected.code === 'provider_timeout' ? 400 : 60_000
    const { server, ask } = await setup({ faults: { [fault]: 1 } }, {}, deadlineMs)
    expect(failureOf(await ask())).toMatchObject(expected)
    expect(server.stats()).toMatchObject({ requests: 1, byFault: { [fault]: 1 } })
  })

  test.each(['hang', 'stall_in_body', 'slow_drip', 'flood'] as const)(
    'by %s leaves no connection open behind the deadline',
    async (fault) => {
      // Shorter than a fast machine takes to pour out the longest body that is read.
      const { server, ask } = await setup({ faults: { [fault]: 1 } }, {}, 50)
      const replies = await Promise.all(Array.from({ length: 20 }, () => ask()))
      expect(new Set(replies.map((reply) => failureOf(reply).code))).toEqual(new Set(['provider_timeout']))
      // The server sees each of them closed; the test's own limit ends the wait.
      while (server.stats().inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    },
  )

  test.each(['server_error', 'reset_in_body', 'html', 'flood', 'none'] as const)(
    'and an answer let go of the signal that bounds them: %s',
    async (fault) => {
      const faults = fault === 'none' ? {} : { [fault]: 1 }
      const { provider } = await setup({ faults })
      const { signal } = new AbortController()
      await provider.ask(requestOf(), signal)
      expect(getEventListeners(signal, 'abort')).toEqual([])
    },
  )

  test('says how long the server asked to wait', async () => {
    const { ask } = await setup({ script: [{ fault: 'unavailable', retryAfterSeconds: 7 }] })
    expect(failureOf(await ask())).toMatchObject({ retryAfterMs: 7_000 })
  })

  test('of a limit comes with what the limit said', async () => {
    const { ask } = await setup({ limits: { tokensPerMinute: 1_500 } })
    await ask()
    const failure = failureOf(await ask())
    expect(failure).toMatchObject({ code: 'provider_busy', limits: { tokens: { limit: 1_500 } } })
    expect(failure.retryAfterMs).toBeGreaterThan(1_000)
  })

  test('of a server that is not there was never sent, so it cannot be billed', async () => {
    const port = await freePort()
    const profile = { ...PROFILES.ollama, baseUrl: `http://127.0.0.1:${port}/v1` }
    const provider = openaiCompatibleProvider(profile, null)
    const failure = failureOf(await provider.ask(requestOf(), never()))
    expect(failure).toMatchObject({ code: 'provider_error', mayBeBilled: false })
    expect(failure.message).toContain('ECONNREFUSED')
  })

  test('of a caller who gave up is not a timeout', async () => {
    const { provider } = await setup({ faults: { hang: 1 } })
    const stop = new AbortController()
    const asked = provider.ask(requestOf(), stop.signal)
    stop.abort()
    expect(failureOf(await asked)).toMatchObject({ code: 'interrupted' })
  })

  test('never quotes the key', async () => {
    const { ask } = await setup({ key: 'another', script: [] })
    expect(failureOf(await ask()).message).not.toContain(KEY)
  })
})

describe('what is sent', () => {
  test('has the schema as a strict one, and no parameter that is not set', async () => {
    const { server, ask } = await setup()
    await ask()
    const body = server.requests()[0]!.body as Record<string, unknown>
    expect(Object.keys(body).sort()).toEqual([
      'max_completion_tokens',
      'messages',
      'model',
      'response_format',
    ])
    expect(body.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'structure', schema: requestOf().schema.json, strict: true },
    })
  })

  test('has the schema in the first message where the server does not keep one', async () => {
    const { server, ask } = await setup({}, { structuredOutput: 'json', answerLimitParameter: 'max_tokens' })
    await ask()
    const body = server.requests()[0]!.body as { messages: { content: string }[]; [name: string]: unknown }
    expect(body.response_format).toEqual({ type: 'json_object' })
    expect(body.max_tokens).toBe(1_000)
    expect(body.messages[0]!.content).toContain(JSON.stringify(requestOf().schema.json))
    expect(body.messages.at(-1)).toEqual(requestOf().messages.at(-1))
  })

  test('has no header but the ones that are needed', async () => {
    const { server, ask } = await setup()
    await ask()
    const { headers, path } = server.requests()[0]!
    expect(path).toBe('/v1/chat/completions')
    expect(headers).toMatchObject({ authorization: 'Bearer [redacted]', 'user-agent': 'rff-shard' })
    expect(Object.keys(headers).filter((name) => name.startsWith('x-') || name.startsWith('openai'))).toEqual(
      [],
    )
  })

  test('carries the name that we gave it, where we gave one', async () => {
    const { server, ask } = await setup()
    await ask(requestOf({ clientRequestId: 'rff-abc-7' }))
    expect(server.requests()[0]!.headers['x-client-request-id']).toBe('rff-abc-7')
  })

  test('leaves a refused parameter out from then on', async () => {
    const { server, ask } = await setup({ rejectedParameters: ['temperature'] })
    const request = requestOf({ sampling: { temperature: 0, topP: 0.5 } })
    const failure = failureOf(await ask(request))
    expect(failure).toMatchObject({ code: 'provider_rejected', rejectedParameter: 'temperature' })
    answerOf(await ask(request))
    expect(server.requests()[1]!.body).toMatchObject({ top_p: 0.5 })
    expect(server.requests()[1]!.body).not.toHaveProperty('temperature')
  })

  test('never goes without an answer limit: the other name for it is tried, then it is given up', async () => {
    const { server, ask } = await setup({ rejectedParameters: ['max_completion_tokens'] })
    expect(failureOf(await ask())).toMatchObject({ rejectedParameter: 'max_completion_tokens' })
    answerOf(await ask())
    expect(server.requests()[1]!.body).toMatchObject({ max_tokens: 1_000 })

    const stubborn = await setup({ rejectedParameters: ['max_completion_tokens', 'max_tokens'] })
    await stubborn.ask()
    const last = failureOf(await stubborn.ask())
    expect(last.code).toBe('provider_rejected')
    expect(last.rejectedParameter).toBeUndefined()
  })

  test('asks for less structure where the server refuses more', async () => {
    const { server, ask } = await setup({ rejectedParameters: ['response_format'] })
    failureOf(await ask())
    failureOf(await ask())
    answerOf(await ask())
    const formats = server.requests().map(({ body }) => (body as Record<string, unknown>).response_format)
    expect(formats).toMatchObject(
      [{ type: 'json_schema' }, { type: 'json_object' }, {}].map((f, i) => (i < 2 ? f : undefined)),
    )
  })
})

describe('a probe', () => {
  test('is true where the server lists its models, and asks nothing that costs', async () => {
    const { server, provider } = await setup()
    expect(await provider.probe(never())).toBe(true)
    expect(server.stats().requests).toBe(0)
  })

  test('is false where the key is wrong', async () => {
    const { provider } = await setup({ key: 'another' })
    expect(await provider.probe(never())).toBe(false)
  })
})

/** A port that was free a moment ago, and where nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
