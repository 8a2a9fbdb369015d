import { expect, test } from 'vitest'
import * as z from 'zod'
import { answerSchemaOf } from '../../schemas/answer-schema.ts'

test('keywords that strict mode refuses are left out, properties of the same name are not', () => {
  const { json } = answerSchemaOf('t', z.strictObject({ minimum: z.int().min(3), format: z.string().max(4) }))
  expect(json).toEqual({
    type: 'object',
    properties: { minimum: { type: 'integer' }, format: { type: 'string' } },
    required: ['minimum', 'format'],
    additionalProperties: false,
  })
})

test('a nullable field keeps both of its types', () => {
  const { json } = answerSchemaOf('t', z.strictObject({ a: z.string().nullable() }))
  expect(json.properties).toEqual({ a: { type: ['string', 'null'] } })
})

test.each([
  ['a record', z.strictObject({ a: z.record(z.string(), z.string()) })],
  ['a tuple', z.strictObject({ a: z.tuple([z.string(), z.int()]) })],
])('%s is refused, since strict mode cannot hold it', (_, schema) => {
  expect(() => answerSchemaOf('t', schema)).toThrow(expect.objectContaining({ code: 'internal' }))
})

test('the digest follows the schema and not its name', () => {
  const schema = z.strictObject({ a: z.string() })
  expect(answerSchemaOf('t', schema).digest).toBe(answerSchemaOf('u', schema).digest)
  expect(answerSchemaOf('t', schema).digest).not.toBe(
    answerSchemaOf('t', z.strictObject({ b: z.string() })).digest,
  )
})
