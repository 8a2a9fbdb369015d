/**
 * Whether two texts that look alike differ in a way that turns the meaning: another number, a negation, an antonym.
 *
 * No evidence of likeness counts against it. The pairs are those that the public corpora are full of: "positive" and
 * "negative regulation of X", "spiny" and "aspiny", "supported since version 30" and "31".
 */

const POLES: readonly (readonly [string, string])[] = (
  `positive negative|increase decrease|increased decreased|increases decreases|left right|upper lower|up down
   |male female|anterior posterior|dorsal ventral|proximal distal|internal external|inner outer|interior exterior
   |maximum minimum|maximal minimal|greater less|more less|higher lower|high low|large small|long short
   |before after|above below|first second|first last|early late|hot cold|wet dry|light dark|light heavy
   |true false|same different|old new|open closed|active passive|active inactive|acid base|anode cathode
   |north south|east west|northern southern|eastern western|buy sell|import export|input output|gain loss
   |direct indirect|direct inverse|presence absence|present absent|prefix suffix|sender receiver|union intersection
   |import export|influx efflux|uptake release|activation inhibition|activator inhibitor|agonist antagonist
   |upregulation downregulation|hyper hypo|macro micro|intra inter|meiosis mitosis|dna rna|anabolic catabolic
   |synthesis degradation|biosynthetic catabolic|assembly disassembly|condensation evaporation|endo exo`
    .replace(/\s*\n\s*/gu, '')
    .split('|') as string[]
).map((pair) => pair.trim().split(' ') as [string, string])

const OPPOSITES: ReadonlyMap<string, ReadonlySet<string>> = byWord(POLES)

/** What turns a word into its opposite, or into another degree of it, when put before it. */
const TURNING_PREFIXES =
  'un in im il ir non dis de a an anti counter sub super hyper hypo endo exo intra inter pre post over under mis auto co pro re mono di bi tri tetra poly ultra infra meta para iso'.split(
    ' ',
  )

/** Prefixes that turn a word when one is put for the other: "endogamy" and "exogamy". */
const POLAR_PREFIXES: readonly (readonly [string, string])[] = [
  ['endo', 'exo'],
  ['ecto', 'endo'],
  ['hyper', 'hypo'],
  ['macro', 'micro'],
  ['inter', 'intra'],
  ['over', 'under'],
  ['pre', 'post'],
  ['pro', 'anti'],
  ['up', 'down'],
  ['im', 'ex'],
  ['in', 'ex'],
  ['in', 'out'],
  ['ante', 'post'],
  ['mono', 'poly'],
  ['homo', 'hetero'],
  ['iso', 'aniso'],
]
const SHORTEST_STEM = 4

const NEGATIONS = new Set([
  'not',
  'no',
  'never',
  'without',
  'none',
  'neither',
  'nor',
  'cannot',
  'non',
  'lacking',
])

/** @param a, b words as wordsOf gives them */
export function opposes(a: readonly string[], b: readonly string[]): boolean {
  const onlyInA = without(a, b)
  const onlyInB = without(b, a)
  return (
    onlyInA.some((word) => isTurnedIn(word, onlyInB)) ||
    onlyInB.some((word) => isTurnedIn(word, onlyInA)) ||
    onlyInA.some((word) => NEGATIONS.has(word)) !== onlyInB.some((word) => NEGATIONS.has(word)) ||
    haveOtherNumbers(a, b)
  )
}

const without = (words: readonly string[], others: readonly string[]): string[] => {
  const there = new Set(others)
  return words.filter((word) => !there.has(word))
}

const isTurnedIn = (word: string, others: readonly string[]): boolean => {
  const opposites = OPPOSITES.get(word)
  return others.some(
    (other) =>
      opposites?.has(other) === true ||
      (word.length >= SHORTEST_STEM && isPrefixed(other, word)) ||
      POLAR_PREFIXES.some(([one, turned]) => isSwapped(word, one, other, turned)),
  )
}

const isPrefixed = (longer: string, word: string): boolean =>
  longer.length > word.length &&
  longer.endsWith(word) &&
  TURNING_PREFIXES.includes(longer.slice(0, longer.length - word.length))

const isSwapped = (word: string, prefix: string, other: string, otherPrefix: string): boolean =>
  word.startsWith(prefix) &&
  word.length - prefix.length >= SHORTEST_STEM &&
  other === otherPrefix + word.slice(prefix.length)

/** Numerals and single letters tell alike things apart: "type 1", "type II", "vitamin C". */
const isNumeral = (word: string): boolean => /\p{N}/u.test(word) || /^[ivx]+$/u.test(word)

/** Both give numbers and not the same ones; a text without any may simply be shorter. */
function haveOtherNumbers(a: readonly string[], b: readonly string[]): boolean {
  const inA = a.filter(isNumeral)
  const inB = b.filter(isNumeral)
  return inA.length > 0 && inB.length > 0 && (without(inA, inB).length > 0 || without(inB, inA).length > 0)
}

function byWord(pairs: readonly (readonly [string, string])[]): Map<string, Set<string>> {
  const opposites = new Map<string, Set<string>>()
  for (const [a, b] of pairs) {
    for (const [word, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const known = opposites.get(word) ?? new Set<string>()
      opposites.set(word, known.add(other))
    }
  }
  return opposites
}
