import { expect, test } from 'vitest'
import { configSchema } from '../../schemas/config.ts'
import { resolveTiers } from '../../src/config/resolve-tiers.ts'

const resolved = (models: Record<string, string>, embeddings = {}) =>
  resolveTiers(configSchema.parse({ models, embeddings }))

test('a lane and the model of embeddings may name a tier, also one that names another', () => {
  const { models, embeddings } = resolved(
    {
      primary: 'local_fast',
      repair: 'primary',
      expensive: 'judge',
      judge: 'frontier',
      frontier: 'openai/gpt-5',
      local_fast: 'ollama/llama3.2',
      vectors: 'openai/text-embedding-3-small',
    },
    { model: 'vectors' },
  )
  expect(models).toMatchObject({
    primary: 'ollama/llama3.2',
    repair: 'ollama/llama3.2',
    expensive: 'openai/gpt-5',
  })
  expect(embeddings.model).toBe('openai/text-embedding-3-small')
})

test('what is no tier is a reference as before, also one named like a property of all objects', () => {
  expect(resolved({ primary: 'toString', frontier: 'openai/gpt-5' }).models.primary).toBe('toString')
  expect(resolved({}).models).toEqual({ primary: 'rules' })
})

test('tiers that name each other in a circle are refused with the way round', () => {
  expect(() => resolved({ primary: 'a', a: 'b', b: 'a' })).toThrow(
    'models: a is b is a, which names no model',
  )
  expect(() => resolved({ expensive: 'expensive' })).toThrow('models: expensive is expensive')
})
