/**
 * The key under which spellings and inflections of one name meet: "behaviours of nano-particles" and "behavior of
 * nanoparticle". Two names are near exactly if their keys are equal.
 *
 * A closed list of changes and nothing by likeness: of the names whose shingles are 90 % alike most mean different
 * things ("positive" and "negative regulation", "type I" and "type II"), see docs/decisions/0041-near-names.md.
 * Digits, single letters, symbols and the order of words always tell names apart.
 */
import { foldCase } from '../../language/fold-case.ts'
import { singularOf } from '../../language/singular-of.ts'
import { wordsOf } from '../../language/words.ts'
import { americanSpelling } from './american-spelling.ts'

/** Names shorter than this, in characters, have too little in them to be anything but equal. */
const SHORTEST_NAME = 8

/** Joined to the next word: "non linear" is "nonlinear". Left out where the two parts may be a phrase ("over all"). */
const PREFIXES = new Set(
  'anti auto bio counter electro geo hydro hyper inter intra macro meta micro mini multi nano neo non photo post pre pseudo quasi semi sub super thermo ultra'.split(
    ' ',
  ),
)

/** @param name as normaliseName gives it */
export function variantKey(name: string): string {
  if (name.length < SHORTEST_NAME) return name
  // Most names are such, and half of PassM' was taking accents and symbols off them that they have not.
  const isPlain = PLAIN_NAME.test(name)
  const allWords = isPlain ? name.split(' ') : wordsOf(plainLatin(name))
  const words = joinPrefixes(allWords.filter((word) => word !== 'the'))
  const symbols = isPlain ? '' : symbolsOf(name)
  const key = words.map((word) => (PLAIN.test(word) ? americanSpelling(singularOf(word)) : word)).join(' ')
  if (key === '') return name // nothing but symbols, or "the the"
  return symbols === '' ? key : `${key} ${symbols}`
}

const PLAIN_NAME = /^[a-z]+(?: [a-z]+)*$/u

/** Words with a digit or of another script stay as they are. */
const PLAIN = /^[a-z]{4,}$/u

function joinPrefixes(words: readonly string[]): string[] {
  const joined: string[] = []
  let prefix = ''
  for (const [at, word] of words.entries()) {
    if (PREFIXES.has(word) && at + 1 < words.length) prefix += word
    else {
      joined.push(prefix + word)
      prefix = ''
    }
  }
  return joined
}

/** Accents off Latin letters only: in other scripts a mark is another letter. */
const plainLatin = (name: string): string =>
  foldCase(name)
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe')

/**
 * Everything that is no word and no mere separator, in order. A hyphen separates letters ("non-linear") but before
 * a digit or at the end it is a minus.
 */
const symbolsOf = (name: string): string =>
  name.replace(/(?<=[\p{L}\p{N}])-(?=\p{L})/gu, '').replace(/[\p{L}\p{M}\p{N}\s'"]|[.,](?=\s|$)/gu, '')
