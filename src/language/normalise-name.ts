/**
 * The form in which two spellings of one concept's name meet.
 *
 * Unicode NFKC, case folded, typographic quotes and dashes made plain, white space collapsed, outer punctuation
 * and a leading article taken off. Nothing is dropped from inside a name: "C" and "C++" stay apart.
 *
 * @returns the empty string where nothing but punctuation was given
 */
export function normaliseName(name: string): string {
  if (PLAIN.test(name)) return withoutArticle(name.toLowerCase())
  const plain = foldCase(name.normalize('NFKC'))
    .replace(/[\u2018\u2019\u201b\u2032`]/gu, "'")
    .replace(/[\u201c\u201d\u2033]/gu, '"')
    .replace(/[\u2010-\u2015\u2212]/gu, '-')
    .replace(/\s+/gu, ' ')
    .trim()
  const bare = plain.replace(/^["'([{.,;:!?]+|["')\]}.,;:!?]+$/gu, '').trim()
  return balanceBrackets(withoutArticle(bare))
}

/** Words that nothing has to be taken off but their case: nearly all names, in a fifth of the time. */
const PLAIN = /^[A-Za-z0-9-]+(?: [A-Za-z0-9-]+)*$/u

const withoutArticle = (name: string): string => name.replace(/^(?:the|an|a)\s+(?=\S)/u, '')

/** Upper then lower case folds more pairs than lower case alone (ß and SS, final sigma), and knows no locale. */
const foldCase = (text: string): string => text.toUpperCase().toLowerCase()

/** Stripping outer punctuation may have taken the closing half of "field (physics)"; give it back. */
function balanceBrackets(text: string): string {
  const opened = text.split('(').length - text.split(')').length
  return opened === 1 ? `${text})` : text
}
