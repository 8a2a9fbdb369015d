/** A zod schema as the JSON Schema that an answer is held to. */
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { canonicalJson } from './canonical-json.ts'
import { RffError } from './failure.ts'
import type { AnswerSchema } from './prompt.ts'

/** Keywords that strict mode takes everywhere. */
const STRICT_KEYWORDS: ReadonlySet<string> = new Set([
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'const',
  'anyOf',
  'description',
])

/**
 * Keywords that are left to our own validation: some servers refuse a schema that has them, others ignore them, and
 * an answer that was held to a schema still has to be checked.
 */
const CHECKED_BY_US: ReadonlySet<string> = new Set([
  '$schema',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minItems',
  'maxItems',
])

/**
 * @param schema an object of required fields: strict mode knows no optional ones
 * @param name at most 64 letters, digits, _ and -
 * @throws RffError internal where the schema needs a keyword that strict mode lacks (records, tuples, oneOf …)
 */
export function answerSchemaOf(name: string, schema: z.ZodType): AnswerSchema {
  const json = strictForm(z.toJSONSchema(schema)) as Record<string, unknown>
  return { name, json, digest: createHash('sha256').update(canonicalJson(json)).digest('hex') }
}

function strictForm(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(strictForm)
  if (typeof node !== 'object' || node === null) return node
  const kept = Object.entries(node).filter(([keyword]) => !CHECKED_BY_US.has(keyword))
  const foreign = kept.find(([keyword]) => !STRICT_KEYWORDS.has(keyword))
  if (foreign !== undefined) {
    throw new RffError('internal', `an answer schema holds ${foreign[0]}, which strict mode does not know`)
  }
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, strictPart(keyword, value)]))
}

/** The names of properties are no keywords, and an enum holds data. */
function strictPart(keyword: string, value: unknown): unknown {
  if (['enum', 'const', 'required'].includes(keyword)) return value
  if (keyword !== 'properties') return strictForm(value)
  const properties = Object.entries(value as Record<string, unknown>)
  return Object.fromEntries(properties.map(([name, property]) => [name, strictForm(property)]))
}
