/** A value of JSON, read as written by a model: strict where strict reads, mended where one reading only is left. */
import type { JsonNode } from './json-node.ts'
import { readScalar } from './read-scalar.ts'
import { opensString, readString } from './read-string.ts'
import { afterWhiteSpace, failAt, MAX_DEPTH, matchAt, type Reader } from './reader.ts'

type Place = 'object' | 'array' | 'root'

/** @returns the value that begins at the reader's place, or undefined with its fault set */
export function readValue(reader: Reader, place: Place): JsonNode | undefined {
  const mark = reader.text[reader.at]
  if (mark === '{') return readInside(reader, readObject)
  if (mark === '[') return readInside(reader, readArray)
  if (!opensString(mark)) return readScalar(reader, place !== 'root')
  const value = readString(reader, place)
  return value === undefined ? undefined : { kind: 'string', value }
}

function readInside(reader: Reader, read: (reader: Reader) => JsonNode | undefined): JsonNode | undefined {
  if (reader.depth === MAX_DEPTH) return failAt(reader, reader.at, `more than ${MAX_DEPTH} levels`)
  reader.depth += 1
  reader.at = afterWhiteSpace(reader.text, reader.at + 1)
  const node = read(reader)
  reader.depth -= 1
  return node
}

function readArray(reader: Reader): JsonNode | undefined {
  const items: JsonNode[] = []
  while (reader.text[reader.at] !== ']') {
    const item = readValue(reader, 'array')
    if (item === undefined) return undefined
    items.push(item)
    if (!passSeparator(reader, ']', item)) return undefined
  }
  reader.at += 1
  return { kind: 'array', items }
}

function readObject(reader: Reader): JsonNode | undefined {
  const entries = new Map<string, JsonNode>()
  while (reader.text[reader.at] !== '}') {
    const keyAt = reader.at
    const key = readKey(reader)
    if (key === undefined) return undefined
    const value = readValue(reader, 'object')
    if (value === undefined) return undefined
    // A plain object holds one value a key: the other one would vanish.
    if (entries.has(key)) return failAt(reader, keyAt, 'a key stands twice in one object')
    entries.set(key, value)
    if (!passSeparator(reader, '}', value)) return undefined
  }
  reader.at += 1
  return { kind: 'object', entries: [...entries] }
}

const BARE_KEY = /[\p{L}_$][\p{L}\p{N}_$-]*|\d+/uy

/** Reads a key and its colon. */
function readKey(reader: Reader): string | undefined {
  const isQuoted = opensString(reader.text[reader.at])
  const key = isQuoted ? readString(reader, 'key') : readBareKey(reader)
  if (key === undefined) return undefined
  const colon = afterWhiteSpace(reader.text, reader.at)
  if (reader.text[colon] !== ':') return failAt(reader, colon, 'a key lacks its colon')
  if (isQuoted) reader.isCommitted = true
  reader.at = afterWhiteSpace(reader.text, colon + 1)
  return key
}

function readBareKey(reader: Reader): string | undefined {
  const key = matchAt(BARE_KEY, reader.text, reader.at)
  if (key === undefined) return failAt(reader, reader.at, 'a key was expected')
  reader.at += key.length
  reader.repairs.add('bare_key')
  return key
}

/** Moves on to the next entry or to the closing bracket. @returns false with the fault set where neither follows */
function passSeparator(reader: Reader, closer: '}' | ']', previous: JsonNode): boolean {
  reader.at = afterWhiteSpace(reader.text, reader.at)
  const mark = reader.text[reader.at]
  if (mark === closer) return true
  if (mark === ',') {
    reader.at = afterWhiteSpace(reader.text, reader.at + 1)
    if (reader.text[reader.at] === closer) reader.repairs.add('trailing_comma')
    return true
  }
  if (isNextEntry(closer, mark, previous)) {
    reader.repairs.add('missing_comma')
    return true
  }
  failAt(reader, reader.at, mark === undefined ? 'the answer ends inside' : `"," or "${closer}" was expected`)
  return false
}

/** A forgotten comma: only where the two neighbours cannot be one value. */
function isNextEntry(closer: '}' | ']', mark: string | undefined, previous: JsonNode): boolean {
  if (closer === '}') return opensString(mark)
  const isContainer = previous.kind === 'object' || previous.kind === 'array'
  return isContainer && (mark === '{' || mark === '[')
}
