/** British spellings written the American way, so that the two meet. The result is a key, not a word to show. */

interface Rule {
  readonly from: RegExp
  readonly to: string
  /** Letters a word needs; below it the two spellings are often two words ("prise", "prize"). */
  readonly shortest: number
}

const RULES: readonly Rule[] = [
  { from: /is(e|ed|er|es|ing|ation|able)$/u, to: 'iz$1', shortest: 7 },
  { from: /lys(e|ed|er|es|ing)$/u, to: 'lyz$1', shortest: 6 },
  { from: /our(|ed|ing|al|able|ful|less|ist|ite)$/u, to: 'or$1', shortest: 5 },
  { from: /([bt])re$/u, to: '$1er', shortest: 5 },
  { from: /ogue$/u, to: 'og', shortest: 7 },
  { from: /([aeiou][^aeiou]+[ae])ll(ed|ing|er)$/u, to: '$1l$2', shortest: 8 },
  { from: /sulph/u, to: 'sulf', shortest: 6 },
  { from: /[ao]e(?=[dmstp])/u, to: 'e', shortest: 7 },
]

/** What some rule needs; most words have none of it, and are asked once instead of by every rule. */
const MAY_DIFFER = /is[aei]|lys|our|re$|ogue$|ll(?:ed|ing|er)$|sulph|[ao]e/u

const WORDS: ReadonlyMap<string, string> = new Map([
  ['aluminium', 'aluminum'],
  ['artefact', 'artifact'],
  ['cheque', 'check'],
  ['defence', 'defense'],
  ['offence', 'offense'],
  ['licence', 'license'],
  ['pretence', 'pretense'],
  ['grey', 'gray'],
  ['jewellery', 'jewelry'],
  ['mould', 'mold'],
  ['plough', 'plow'],
  ['programme', 'program'],
  ['tyre', 'tire'],
])

/** @param word small plain letters, in the singular */
export function americanSpelling(word: string): string {
  const known = WORDS.get(word)
  if (known !== undefined) return known
  if (!MAY_DIFFER.test(word)) return word
  let spelt = word
  for (const { from, to, shortest } of RULES) if (spelt.length >= shortest) spelt = spelt.replace(from, to)
  return spelt
}
