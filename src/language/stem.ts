/**
 * A light English stemmer: takes inflection off (plurals, -ed, -ing), leaves derivation alone, so that "causes" and
 * "caused" meet while "regulation" and "regulator", or "positive" and "position", stay apart.
 *
 * The rules are steps 1a, 1b and 5a of M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, with
 * -ies to -y as in D. Harman, "How effective is suffixing?", JASIS 42(1), 1991. The stem is a key to compare by,
 * not a word to show.
 */

/** Nouns whose plural no rule reaches, and words that only look like a plural. */
const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['children', 'child'],
  ['men', 'man'],
  ['women', 'woman'],
  ['feet', 'foot'],
  ['teeth', 'tooth'],
  ['mice', 'mouse'],
  ['geese', 'goose'],
  ['oxen', 'ox'],
  ['leaves', 'leaf'],
  ['wolves', 'wolf'],
  ['halves', 'half'],
  ['knives', 'knife'],
  ['gases', 'gas'],
  ['buses', 'bus'],
  ['vertices', 'vertex'],
  ['matrices', 'matrix'],
  ['bacteria', 'bacterium'],
  ['phenomena', 'phenomenon'],
  ['nuclei', 'nucleus'],
  ['lens', 'lens'],
  ['series', 'series'],
  ['species', 'species'],
  ['during', 'during'],
])

const SHORTEST = 4
const INFLECTED = /^[a-z]+$/u
const HAS_VOWEL = /[aeiouy]/u
const ENDS_CVC = /(?:^|[^aeiou])[aeiouy][^aeiouwxy]$/u
const ENDS_DOUBLED = /([^aeiouylsz])\1$/u

/** @param word as wordsOf gives it; a word that is short, or not of plain letters, comes back unchanged */
export function stemOf(word: string): string {
  if (word.length < SHORTEST || !INFLECTED.test(word)) return IRREGULAR.get(word) ?? word
  return IRREGULAR.get(word) ?? withoutFinalE(withoutPast(withoutPlural(word)))
}

/** The singular of a noun, with the same exceptions as stemOf; what is no plural comes back unchanged. */
export function singularOf(word: string): string {
  if (word.length < SHORTEST || !INFLECTED.test(word)) return IRREGULAR.get(word) ?? word
  return IRREGULAR.get(word) ?? withoutPlural(word)
}

function withoutPlural(word: string): string {
  if (!word.endsWith('s') || /(?:ss|us|is)$/u.test(word)) return word
  if (word.endsWith('ies')) return word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1)
  if (/(?:ss|x|ch|sh|zz)es$/u.test(word)) return word.slice(0, -2)
  return word.slice(0, -1)
}

function withoutPast(word: string): string {
  if (word.endsWith('eed')) return word
  if (word.endsWith('ied') && word.length > 4) return `${word.slice(0, -3)}y`
  const cut = word.endsWith('ing') ? 3 : word.endsWith('ed') ? 2 : 0
  const stem = word.slice(0, word.length - cut)
  if (cut === 0 || stem.length < 2 || !HAS_VOWEL.test(stem)) return word
  if (/(?:at|bl|iz)$/u.test(stem)) return `${stem}e`
  if (ENDS_DOUBLED.test(stem)) return stem.slice(0, -1)
  return measure(stem) === 1 && ENDS_CVC.test(stem) ? `${stem}e` : stem
}

function withoutFinalE(word: string): string {
  if (!word.endsWith('e')) return word
  const stem = word.slice(0, -1)
  const vowelRuns = measure(stem)
  return vowelRuns > 1 || (vowelRuns === 1 && !ENDS_CVC.test(stem)) ? stem : word
}

/** Porter's m: how often vowels are followed by consonants. */
const measure = (stem: string): number => stem.match(/[aeiouy]+[^aeiouy]+/gu)?.length ?? 0
