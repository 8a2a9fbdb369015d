/** Where a record of a CSV file ends: at the first newline that no quotes hold. */
import type { FindEnd } from './cut-records.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const RETURN = 0x0d
const NEWLINE = 0x0a

/**
 * A quote opens only at the beginning of a field, as RFC 4180 has it. One that is closed by anything but a comma or a
 * newline is a fault of that line, and the record ends with the line: it shall not swallow the ones behind it.
 */
export const findCsvEnd: FindEnd = (bytes, from, isLast) => {
  for (let field = from; ; ) {
    if (bytes[field] !== QUOTE) {
      const newline = bytes.indexOf(NEWLINE, field)
      const end = newline < 0 ? bytes.length : newline
      const quoted = bytes.subarray(field, end).indexOf(',"')
      if (quoted < 0) return newline < 0 && !isLast ? -1 : end
      field += quoted + 1
      continue
    }
    const close = closingQuote(bytes, field + 1)
    if (close < 0) return -1
    const after = bytes[close + 1]
    if (after === COMMA) field = close + 2
    else if (after === NEWLINE) return close + 1
    else if (after === RETURN && bytes[close + 2] === NEWLINE) return close + 2
    else if (after === undefined || (after === RETURN && bytes[close + 2] === undefined)) {
      return isLast ? bytes.length : -1
    } else return lineEnd(bytes, from, isLast)
  }
}

function lineEnd(bytes: Buffer, from: number, isLast: boolean): number {
  const newline = bytes.indexOf(NEWLINE, from)
  return newline < 0 && isLast ? bytes.length : newline
}

/** Two quotes in a row are one that is meant. */
function closingQuote(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from); at >= 0; at = bytes.indexOf(QUOTE, at + 2)) {
    if (bytes[at + 1] !== QUOTE) return at
  }
  return -1
}
