/** Every object and array that stands in a text with prose around. */
import { bad, good, type Outcome } from '../../../schemas/failure.ts'
import type { JsonNode } from './json-node.ts'
import { readValue } from './read-value.ts'
import { type Fault, type Reader, type Repair, readerAt } from './reader.ts'

export interface Found {
  readonly node: JsonNode
  /** Offsets in the text, half-open. */
  readonly start: number
  readonly end: number
  readonly repairs: readonly Repair[]
}

/** Characters that may be read for each character of the text; hostile brackets would make it quadratic otherwise. */
const READS_PER_CHARACTER = 8

/**
 * Brackets of prose ("[1]", "{a, b}") are passed over. What begins as an object with a quoted key is never prose: if
 * it cannot be read, the whole answer is refused.
 *
 * @param from offset to begin at
 * @returns from left to right, not overlapping, at least one
 */
export function findValues(text: string, from: number): Outcome<Found[]> {
  const found: Found[] = []
  let firstFault: Fault | undefined
  const brackets = /[[{]/g
  let budget = READS_PER_CHARACTER * text.length
  brackets.lastIndex = from
  for (let bracket = brackets.exec(text); bracket !== null; bracket = brackets.exec(text)) {
    const start = bracket.index
    const strict = readHere(text, start, true)
    const { node, reader } = strict.node === undefined ? readHere(text, start, false) : strict
    budget -= furthest(strict.reader) - start + furthest(reader) - start
    if (node !== undefined) {
      found.push({ node, start, end: reader.at, repairs: [...reader.repairs].sort() })
      brackets.lastIndex = reader.at
    } else if (reader.isCommitted && reader.fault !== undefined) {
      return unreadable(reader.fault)
    }
    firstFault ??= reader.fault
    if (budget < 0) return bad('json_invalid', 'too many brackets that lead nowhere')
  }
  if (found.length > 0) return good(found)
  return firstFault === undefined
    ? bad('json_invalid', 'there is no JSON object in the answer')
    : unreadable(firstFault)
}

/** Strict JSON is read as such before anything is mended; a strict reading that had to mend something is none. */
function readHere(text: string, start: number, isStrict: boolean): { node?: JsonNode; reader: Reader } {
  const reader = readerAt(text, start, isStrict)
  const node = readValue(reader, 'root')
  return node === undefined || (isStrict && reader.repairs.size > 0) ? { reader } : { node, reader }
}

const furthest = (reader: Reader): number => Math.max(reader.at, reader.fault?.at ?? 0)

const unreadable = ({ at, message }: Fault): Outcome<never> =>
  bad('json_invalid', `${message}, at character ${at}`, { at })
