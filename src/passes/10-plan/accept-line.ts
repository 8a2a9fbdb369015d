/**
 * One record of an input to what it says: a fact, or that a fact is to be removed.
 *
 * Pure. Nothing is mended: a record that is not right is refused with a code, and the others go on. Texts are taken
 * as they are; only what is absent gets a default.
 */
import type { Fact } from '../../../schemas/fact.ts'
import { bad, good, type Outcome } from '../../../schemas/failure.ts'
import { factIdOf } from '../../../schemas/ids.ts'
import { oneLine } from '../../language/printable.ts'
import type { ColumnMap } from './column-map.ts'
import type { RawRecord, Row } from './raw-record.ts'

export type Arrival =
  | { readonly kind: 'fact'; readonly fact: Fact }
  | { readonly kind: 'removal'; readonly factId: string }

export interface AcceptRules {
  readonly columns: ColumnMap
  /** In UTF-16 code units. */
  readonly maxTextChars: number
}

const MAX_ID_CHARS = 512

/** Of a record in which the text was not found, so many names of fields are told, each so long. */
const MOST_NAMES = 6
const LONGEST_NAME_CHARS = 40

/** Codes: line_*, text_*, field_wrong_type, fact_id_too_long. */
export function acceptRecord(record: RawRecord, rules: AcceptRules): Outcome<Arrival> {
  if (record.kind === 'unreadable') return { ok: false, failure: record.failure }
  return record.kind === 'line' ? acceptLine(record.text, rules) : acceptRow(record.row, rules)
}

export function acceptLine(line: string, rules: AcceptRules): Outcome<Arrival> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    if (line.includes('\0')) return bad('line_has_nul', 'the line has a NUL character')
    return bad('line_not_json', cause instanceof Error ? cause.message : 'the line is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return bad('line_not_object', `found ${nameOf(value)}, expected an object`)
  }
  return acceptRow(value as Row, rules)
}

function acceptRow(row: Row, rules: AcceptRules): Outcome<Arrival> {
  const { columns } = rules
  const factId = readId(row, columns.fact_id)
  if (!factId.ok) return factId
  const isRemoval = readMark(row, columns.removed)
  if (!isRemoval.ok) return isRemoval
  if (isRemoval.value && factId.value !== '') return good({ kind: 'removal', factId: factId.value })

  const text = readText(row, rules)
  if (!text.ok) return text
  const domain = readWord(row, columns.domain)
  if (!domain.ok) return domain
  if (isRemoval.value) return good({ kind: 'removal', factId: factIdOf(domain.value, text.value) })
  const dupGroupId = readId(row, columns.dup_group_id)
  if (!dupGroupId.ok) return dupGroupId
  const source = readWord(row, columns.source)
  if (!source.ok) return source
  const id = factId.value || factIdOf(domain.value, text.value)
  return good({
    kind: 'fact',
    fact: {
      factId: id,
      dupGroupId: dupGroupId.value || id,
      domain: domain.value,
      text: text.value,
      source: source.value,
    },
  })
}

function readText(row: Row, { columns, maxTextChars }: AcceptRules): Outcome<string> {
  const value = valueAt(row, columns.text)
  if (value === undefined || value === null) {
    return bad('text_missing', `there is no value in ${JSON.stringify(columns.text)}${fieldsOf(row)}`)
  }
  if (typeof value !== 'string') return wrongType(columns.text, value, 'text')
  if (value.trim() === '') return bad('text_missing', `${JSON.stringify(columns.text)} is empty`)
  if (value.length > maxTextChars) {
    return bad(
      'text_too_long',
      `the text has ${value.length} characters, at most ${maxTextChars} are allowed`,
    )
  }
  return checked(value, columns.text)
}

/** A column of another name is the usual reason, so the names are told. */
function fieldsOf(row: Row): string {
  const names = Object.keys(row)
  if (names.length === 0) return '; the record is empty'
  const shown = names.slice(0, MOST_NAMES).map((name) => JSON.stringify(oneLine(name, LONGEST_NAME_CHARS)))
  return `; the record has ${shown.join(', ')}${names.length > MOST_NAMES ? ' and others' : ''}`
}

/** Text or a whole number as text; absent, null and empty are the empty string. */
function readWord(row: Row, column: string): Outcome<string> {
  const value = valueAt(row, column)
  if (value === undefined || value === null) return good('')
  if (typeof value === 'string') return checked(value, column)
  // A larger number has lost digits already: two ids could have become one.
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return good(String(value))
  return wrongType(column, value, 'text or a whole number up to 2^53')
}

function readId(row: Row, column: string): Outcome<string> {
  const word = readWord(row, column)
  if (!word.ok || word.value.length <= MAX_ID_CHARS) return word
  return bad(
    'fact_id_too_long',
    `${JSON.stringify(column)} has ${word.value.length} characters, at most ${MAX_ID_CHARS} are allowed`,
  )
}

/** Formats without booleans say `true` or `1`. */
function readMark(row: Row, column: string): Outcome<boolean> {
  const value = valueAt(row, column)
  if (value === undefined || value === null || value === false) return good(false)
  if (value === true) return good(true)
  const word = String(value).toLowerCase()
  if (word === 'true' || word === '1') return good(true)
  if (word === 'false' || word === '0' || word === '') return good(false)
  return wrongType(column, value, 'true or false')
}

/** Own values only: a column called `constructor` is a column like any other. */
const valueAt = (row: Row, column: string): unknown => (Object.hasOwn(row, column) ? row[column] : undefined)

// JSON escapes can spell what no UTF-8 file can hold.
const LONE_SURROGATE = /\p{Surrogate}/u

function checked(value: string, column: string): Outcome<string> {
  if (value.includes('\0')) return bad('line_has_nul', `${JSON.stringify(column)} has a NUL character`)
  if (LONE_SURROGATE.test(value)) {
    return bad('text_lone_surrogate', `${JSON.stringify(column)} has half of a surrogate pair`)
  }
  return good(value)
}

const wrongType = (column: string, value: unknown, expected: string): Outcome<never> =>
  value instanceof Uint8Array
    ? bad('line_not_utf8', `${JSON.stringify(column)} holds bytes that are not UTF-8 text`)
    : bad('field_wrong_type', `${JSON.stringify(column)} holds ${nameOf(value)}, expected ${expected}`)

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
