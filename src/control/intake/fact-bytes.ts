/** A fact as the UTF-8 of its fields, and back. */
import type { ArrivingFact } from '../../../db/queries/arriving-facts.ts'
import type { InputPlace } from '../../../db/queries/facts.ts'
import type { Fact } from '../../../schemas/fact.ts'
import { DOMAIN, FIELD_WORDS, GROUP, ID, SOURCE, TEXT } from '../../passes/10-plan/scan-line.ts'
import { textOf } from './scan-block.ts'

const CHUNK_BYTES = 2 ** 20
const CHUNK_FACTS = 8_192
/** Of a UTF-16 code unit in UTF-8. */
const MOST_BYTES = 3

/**
 * Makes bytes of facts that came as values, many in one piece of memory: a piece for each, kept until its block is
 * stored, would cost more to collect than to make (a quarter of the time of lines with escapes).
 */
export function factEncoder(): (fact: Fact, key: bigint, place: InputPlace) => ArrivingFact {
  const keys = new BigInt64Array(1)
  const halves = new Int32Array(keys.buffer)
  let bytes = Buffer.alloc(0)
  let end = 0
  let spans = new Int32Array(0)
  let next = 0

  const put = (field: string): void => {
    spans[next++] = end
    end += bytes.write(field, end)
    spans[next++] = end
  }
  return ({ factId, dupGroupId, domain, text, source }, key, { inputNo, byteOffset, lineNumber }) => {
    const chars = factId.length + dupGroupId.length + domain.length + text.length + source.length
    if (end + chars * MOST_BYTES > bytes.length) {
      bytes = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, chars * MOST_BYTES))
      end = 0
    }
    if (next === spans.length) {
      spans = new Int32Array(CHUNK_FACTS * FIELD_WORDS)
      next = 0
    }
    const at = next
    put(factId)
    put(dupGroupId)
    put(domain)
    put(text)
    put(source)
    keys[0] = key
    return { bytes, spans, at, keyLow: halves[0]!, keyHigh: halves[1]!, inputNo, byteOffset, lineNumber }
  }
}

export const idOf = ({ bytes, spans, at }: ArrivingFact): string => textOf(bytes, spans, at + ID)

export function factOf({ bytes, spans, at }: ArrivingFact): Fact {
  const [factId, dupGroupId, domain, text, source] = [ID, GROUP, DOMAIN, TEXT, SOURCE].map((field) =>
    textOf(bytes, spans, at + field),
  ) as [string, string, string, string, string]
  return { factId, dupGroupId, domain, text, source }
}
