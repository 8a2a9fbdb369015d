/** The fields of one CSV record as RFC 4180 writes them. */

/** @returns null for whatever is not clearly that; csv-parse says what it is, at a hundred times the price */
export function splitCsv(record: string): string[] | null {
  const fields: string[] = []
  for (let at = 0; ; ) {
    if (record[at] === '"') {
      const end = closingQuote(record, at + 1)
      if (end < 0) return null
      fields.push(record.slice(at + 1, end).replaceAll('""', '"'))
      if (end + 1 === record.length) return fields
      if (record[end + 1] !== ',') return null
      at = end + 2
      continue
    }
    const comma = record.indexOf(',', at)
    const field = record.slice(at, comma < 0 ? undefined : comma)
    if (/["\r\n]/.test(field)) return null
    fields.push(field)
    if (comma < 0) return fields
    at = comma + 1
  }
}

/** Two quotes in a row are one that is meant. */
function closingQuote(record: string, from: number): number {
  for (let at = record.indexOf('"', from); at >= 0; at = record.indexOf('"', at + 2)) {
    if (record[at + 1] !== '"') return at
  }
  return -1
}
