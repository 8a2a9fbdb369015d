/**
 * Text of a model to JSON: fences, thinking and prose around the object, and the faults that models make inside it.
 *
 * It never invents and never drops. What was read is compared with what was written (`keepsText`); text around the
 * object comes back beside the value; a value that is missing, cut off or ambiguous is a failure, not a default. So
 * are a key that stands twice, a number whose digits a double cannot hold, NUL and half characters: each of them
 * would lose text silently. JSON that is valid and free of those four reads as JSON.parse reads it.
 *
 * @source docs/decisions/0010-recover.md
 */
import { isDeepStrictEqual } from 'node:util'
import { bad, good, type Outcome } from '../../../schemas/failure.ts'
import { answerStart } from './cut-thinking.ts'
import { type Found, findValues } from './find-values.ts'
import { type JsonNode, plainValue } from './json-node.ts'
import { keepsText } from './keeps-text.ts'
import { readPlain } from './read-plain.ts'
import { readValue } from './read-value.ts'
import { afterWhiteSpace, type Repair, readerAt } from './reader.ts'
import { standsAlone } from './stands-alone.ts'

export interface Recovered {
  readonly value: unknown
  /** The text around the value, as it was: thinking, prose, fences. */
  readonly before: string
  readonly after: string
  /** Ascending; empty where the value is strict JSON. */
  readonly repairs: readonly Repair[]
}

/** @returns the value alone; answer_empty or json_invalid */
export function recoverJson(text: string): Outcome<unknown> {
  const plain = readPlain(text)
  if (plain !== undefined) return good(plain)
  const recovered = recover(text)
  return recovered.ok ? good(recovered.value.value) : recovered
}

/** @returns the one value of the answer with everything that is around it; answer_empty or json_invalid */
export function recover(text: string): Outcome<Recovered> {
  if (text.trim() === '') return bad('answer_empty', 'the answer has no text')
  const start = answerStart(text)
  if (start === undefined) return bad('json_invalid', 'the thinking is not closed, so no answer follows it')
  if (text.slice(start).trim() === '') return bad('answer_empty', 'nothing follows the thinking')
  const found = readScalarAlone(text, start) ?? findOne(text, start)
  if (!found.ok) return found
  const { node, start: from, end, repairs } = found.value
  if (!keepsText(text.slice(from, end), node)) return bad('json_invalid', 'reading it would change its text')
  return good({ value: plainValue(node), before: text.slice(0, from), after: text.slice(end), repairs })
}

/** A text that is one scalar: strict JSON only, for a lone word or a quotation is prose. */
function readScalarAlone(text: string, start: number): Outcome<Found> | undefined {
  const from = afterWhiteSpace(text, start)
  if ('{['.includes(text[from]!)) return undefined
  const reader = readerAt(text, from, true)
  const node = readValue(reader, 'root')
  const isAll = node !== undefined && afterWhiteSpace(text, reader.at) === text.length
  if (isAll && reader.repairs.size === 0) return good({ node, start: from, end: reader.at, repairs: [] })
  return undefined
}

/** The one object of the text. Several that say the same are one; several that differ are for nobody to choose from. */
function findOne(text: string, start: number): Outcome<Found> {
  const found = findValues(text, start)
  if (!found.ok) return found
  const serious = found.value.filter(({ node }) => isSerious(node))
  const candidates = serious.length > 0 ? serious : found.value
  const first = candidates[0]!
  const others = candidates.slice(1)
  if (!others.every((other) => isDeepStrictEqual(other.node, first.node))) {
    return bad('json_invalid', 'there are several JSON objects in the answer, and they differ')
  }
  const last = others.at(-1) ?? first
  if (!standsAlone(text.slice(start, first.start), text.slice(last.end))) {
    return bad('json_invalid', 'the object is torn from a larger one', { at: first.start })
  }
  return good(first)
}

/** Prose has brackets too: "[1]", "[2, 5]", "[sic]", "{}". They are an answer only where nothing better is there. */
function isSerious(node: JsonNode): boolean {
  if (node.kind === 'object') return node.entries.length > 0
  return node.kind === 'array' && node.items.some((item) => item.kind === 'string' || isSerious(item))
}
