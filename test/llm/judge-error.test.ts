import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { judgeError } from '../../src/llm/judge-error.ts'
import { openaiCompatibleProvider } from '../../src/llm/openai-compatible.ts'
import { PROFILES } from '../../src/llm/profiles.ts'
import { reportedErrorIn } from '../../src/llm/reported-error.ts'
import { requestOf } from './support/world.ts'

/** Bodies in the shapes of the servers that are known to send them. */
test.each([
  [
    'a router’s moderation',
    403,
    { error: { code: 403, message: 'flagged', metadata: { reasons: ['violence'] } } },
    'answer_filtered',
  ],
  [
    'a router’s empty account',
    200,
    { error: { code: 402, message: 'Insufficient credits' } },
    'provider_no_credit',
  ],
  [
    'an error in the middle of an answer',
    200,
    { choices: [{ error: { code: 502, message: 'gone' } }] },
    'provider_error',
  ],
  [
    'a router’s unknown model',
    400,
    { error: { code: 400, message: 'x/y is not a valid model ID' } },
    'provider_model_unknown',
  ],
  [
    'a proxy’s unknown model',
    400,
    {
      error: {
        message: 'Invalid model name passed in model=gpt5. Call `/v1/models` to view available models',
      },
    },
    'provider_model_unknown',
  ],
  [
    'a model that does not exist, in few words',
    400,
    { error: { message: 'Model Not Exist', type: 'invalid_request_error', code: 'invalid_request_error' } },
    'provider_model_unknown',
  ],
  [
    'a parameter that begins like a model',
    400,
    { error: { message: 'invalid model_kwargs' } },
    'provider_rejected',
  ],
  [
    'a local model that was not pulled',
    404,
    { error: { message: 'model "x" not found, try pulling it first' } },
    'provider_model_unknown',
  ],
  [
    'a content filter before the model',
    400,
    { error: { code: 'content_filter', message: 'filtered' } },
    'answer_filtered',
  ],
  [
    'a flat error of an older server',
    400,
    { object: 'error', message: "This model's maximum context length is 4096 tokens", code: 400 },
    'request_too_large',
  ],
  ['a bare sentence', 500, { error: 'llama runner process has terminated' }, 'provider_error'],
  [
    'a hard limit on billing',
    400,
    { error: { code: 'billing_hard_limit_reached', message: 'limit' } },
    'provider_no_credit',
  ],
  [
    'a flex tier without room',
    429,
    { error: { code: 'resource_unavailable', message: 'no capacity' } },
    'provider_busy',
  ],
])('%s is told by its shape', (_name, status, body, code) => {
  const error = reportedErrorIn(body, status === 200 ? 502 : status)
  expect(error).not.toBeNull()
  expect(judgeError(error!).code).toBe(code)
})

test.each([
  [{ error: { message: 'x', param: 'temperature', code: 'unsupported_value' } }, 'temperature'],
  [{ error: { message: "Unsupported parameter: 'max_tokens' is not supported" } }, 'max_tokens'],
  [{ object: 'error', message: 'Unknown parameter: "reasoning_effort"' }, 'reasoning_effort'],
  [{ error: { message: 'temperature must be at most 2', param: 'temperature' } }, undefined],
])('a parameter is named where the server does not support it', (body, parameter) => {
  expect(judgeError(reportedErrorIn(body, 400)!).rejectedParameter).toBe(parameter)
})

test.each([
  ['{"object":"error","message":"context length exceeded","code":400}', 'context length exceeded'],
  ['{"detail":[{"loc":["body","model"],"msg":"context length of 10"}]}', 'context length of 10'],
  ['<html>the context length was exceeded</html>', 'the context length was exceeded'],
])('the words of an error are not lost where it is flat or no JSON: %s', async (body, words) => {
  const server = createServer((_request, response) => {
    response.writeHead(400, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  const provider = openaiCompatibleProvider(
    { ...PROFILES.ollama, baseUrl: `http://127.0.0.1:${port}/v1` },
    null,
  )
  const reply = await provider.ask(requestOf(), AbortSignal.timeout(5_000))
  expect(reply).toMatchObject({
    failure: { code: 'request_too_large', message: expect.stringContaining(words) },
  })
})
