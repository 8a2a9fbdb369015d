/** Other names a fact gives its head: "X (also Y, Z)", "X (ABC)", "X, also called Y", "X, or Y,", "X / Y". */
import { type Term, termOf, withoutRepeats } from './term.ts'

/** Lead-ins that announce another name. */
const ANNOUNCED =
  /^(?:also(?: known as| called| spelled)?|or|abbreviated(?: as)?|i\.e\.|known as|called|symbol)[:,]?\s+/iu

/** In the running text: the name ends at the next comma or bracket. */
const IN_TEXT =
  /,?\s+(?:also|sometimes|often|otherwise|commonly)\s+(?:known as|called|termed|named|referred to as)\s+([^,;.()]+)|,\s+or\s+([^,;.()]+),/giu

/** A bracket with one short token of capitals and digits right after the name is its abbreviation or symbol. */
const ABBREVIATION = /^(?=.*[\p{Lu}])[\p{L}\p{N}&.-]{1,8}$/u

/** @param asides what stood in brackets by the subject */
export function aliasesOf(subject: string, asides: readonly string[], text: string): Term[] {
  const names: string[] = []
  for (const aside of asides) {
    if (ANNOUNCED.test(aside)) names.push(...aside.replace(ANNOUNCED, '').split(/[,;]\s+|\s+or\s+/u))
    else if (ABBREVIATION.test(aside) && isAbbreviationOf(aside, subject)) names.push(aside)
  }
  for (const [, called, or] of text.matchAll(IN_TEXT)) names.push((called ?? or)!)
  const prefix = /^to\s/iu.test(subject) ? 'to ' : ''
  return withoutRepeats(names.flatMap((name) => termOf(asVerb(prefix, name)) ?? []))
}

/** "To travel (also trip)": the other name is a verb too, and must not meet the noun "trip". */
const asVerb = (prefix: string, name: string): string => (name.startsWith('to ') ? name : `${prefix}${name}`)

/** Its first letter begins a word of the name: "Sievert (Sv)", "binding energy (BE)", but not "Bach (1685)". */
function isAbbreviationOf(aside: string, subject: string): boolean {
  const first = aside[0]!.toLowerCase()
  return subject
    .toLowerCase()
    .split(/[\s-]+/u)
    .some((word) => word.startsWith(first))
}
