/** The place a reading has come to, what it mended on the way, and why it stopped. */

/** What can be mended without a guess. Each one changes syntax only; the text stays. */
export type Repair =
  | 'trailing_comma'
  | 'missing_comma'
  | 'stray_quote'
  | 'raw_control'
  | 'odd_escape'
  | 'single_quotes'
  | 'typographic_quotes'
  | 'bare_key'
  | 'bare_word'
  | 'foreign_literal'

export interface Reader {
  readonly text: string
  /** Every quotation mark that is not escaped ends its string, as strict JSON has it. */
  readonly isStrict: boolean
  at: number
  depth: number
  readonly repairs: Set<Repair>
  /** A quoted key with its colon was read: this is meant as an object, and may not be taken for prose any more. */
  isCommitted: boolean
  fault: Fault | undefined
}

export interface Fault {
  /** Offset in the text, in UTF-16 code units. */
  readonly at: number
  readonly message: string
}

/** Deeper nesting is refused: strict answer schemas know ten levels, and a reading is a recursion. */
export const MAX_DEPTH = 128

export const readerAt = (text: string, at: number, isStrict: boolean): Reader => ({
  text,
  isStrict,
  at,
  depth: 0,
  repairs: new Set(),
  isCommitted: false,
  fault: undefined,
})

/** Notes why the reading ends here. @returns undefined, so that a reading function can return it */
export function failAt(reader: Reader, at: number, message: string): undefined {
  reader.fault ??= { at, message }
  return undefined
}

const WHITE_SPACE = /\s*/y

export function afterWhiteSpace(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code > 0x20 && code < 0x7f) return at // the usual case, without a regular expression
  WHITE_SPACE.lastIndex = at
  WHITE_SPACE.test(text)
  return WHITE_SPACE.lastIndex
}

/** @returns what the sticky pattern matches at this place, or undefined */
export function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
