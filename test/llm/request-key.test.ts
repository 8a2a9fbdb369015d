import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../schemas/canonical-json.ts'
import type { Request } from '../../schemas/prompt.ts'
import { requestKeyOf } from '../../src/llm/request-key.ts'
import { requestOf } from './support/world.ts'

test('the key of a request is the same for ever', () => {
  expect(requestKeyOf('openai', requestOf())).toMatchInlineSnapshot(
    `"dbf1117833d9c4041d8b4c72296b421affed9d22a0ba9729dddccbf4dce7665b"`,
  )
})

test('what does not change the question does not change the key', () => {
  const key = requestKeyOf('openai', requestOf())
  const same: Partial<Request>[] = [
    { answerLimitTokens: 9 },
    { lane: 'repair' },
    { sampling: { temperature: undefined } as Request['sampling'] },
    { schema: { ...requestOf().schema, name: 'renamed', json: {} } },
  ]
  for (const change of same) expect(requestKeyOf('openai', requestOf(change))).toBe(key)
})

test('what changes the question changes the key', () => {
  const changed: Partial<Request>[] = [
    {},
    { model: 'other' },
    { sampling: { temperature: 0 } },
    { sampling: { topP: 0 } },
    { schema: { ...requestOf().schema, digest: 'e'.repeat(64) } },
    { messages: [...requestOf().messages].reverse() },
    { messages: requestOf().messages.slice(0, 1) },
  ]
  const keys = changed.map((change) => requestKeyOf('openai', requestOf(change)))
  keys.push(requestKeyOf('openrouter', requestOf()))
  expect(new Set(keys).size).toBe(keys.length)
})

test('the key is the digest of the canonical JSON of what is asked, also where a first message was met before', () => {
  const system = { role: 'system', content: 'Say "why".\n' } as const
  const conversations: Request['messages'][] = [
    [system, { role: 'user', content: 'one' }],
    [system, { role: 'user', content: 'two' }],
    [
      { ...system, content: 'Say how.' },
      { role: 'user', content: 'two' },
    ],
    [system, { role: 'user', content: 'ä \u2028' }, { role: 'assistant', content: '{}' }],
    [{ role: 'user', content: 'one' }],
    [],
  ]
  for (const messages of conversations) {
    const { model, sampling, schema } = requestOf()
    const named = { provider: 'openai', model, sampling, schema: schema.digest, messages }
    expect(requestKeyOf('openai', requestOf({ messages }))).toBe(
      createHash('sha256').update(canonicalJson(named)).digest('hex'),
    )
  }
})
