/** Words that nobody has used before, spelled by number, so that a vocabulary of any size needs no memory. */

const CONSONANTS = [
  'b',
  'd',
  'f',
  'g',
  'k',
  'l',
  'm',
  'n',
  'p',
  'r',
  's',
  't',
  'v',
  'z',
  'br',
  'st',
  'tr',
  'pl',
]
const VOWELS = ['a', 'e', 'i', 'o', 'u', 'ai']
const ENDINGS = ['l', 'm', 'n', 'r', 't', 'd', 'k', 'p']

/** @param number integer, 0 … 2^32 - 1; different numbers below 10^8 give different words */
export function madeUpWord(number: number): string {
  let left = number
  let word = ''
  for (let syllable = 0; syllable < 2 || left > 0; syllable++) {
    word += CONSONANTS[left % CONSONANTS.length]
    left = Math.floor(left / CONSONANTS.length)
    word += VOWELS[left % VOWELS.length]
    left = Math.floor(left / VOWELS.length)
  }
  return word + ENDINGS[number % ENDINGS.length]
}
