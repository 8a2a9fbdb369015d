/**
 * What the words between two names say of them. English, anchored at both ends: between "chloroplast" and "pigment"
 * stands "contains the green" and nothing else, or nothing is said.
 */
import { stopWords } from '../../language/words.ts'

export interface Said {
  readonly relType: string
  /** The relation goes from the first name to the second, or the other way. */
  readonly isForward: boolean
  /** The words that say it. */
  readonly cue: string
}

interface Cue {
  readonly relType: string
  readonly isForward: boolean
  readonly pattern: RegExp
}

const ADVERB = '(?:(?:also|often|usually|always|typically|generally|mainly|mostly|primarily|directly) )?'
/** Kinds and parts are so or are not; causes and needs may be there at times. */
const MODAL = '(?:(?:can|may|sometimes) )?'
const FIXED_TYPES = new Set(['refines', 'part_of', 'same_as'])
const BE = '(?:is|are|was|were|be)'
const DETERMINERS = '(?:(?:the|a|an|its|their|some|any|all|many|most|other|another|one|both) ){0,2}'

/** @param rest how many words of content may stand before the second name: "is a [large flightless] bird" */
const cue = (relType: string, isForward: boolean, phrase: string, rest: number): Cue => ({
  relType,
  isForward,
  pattern: new RegExp(
    `^${FIXED_TYPES.has(relType) ? '' : MODAL}${ADVERB}(${phrase}) ${DETERMINERS}((?:\\S+ ){0,${rest}})$`,
    'u',
  ),
})

export const CUES: readonly Cue[] = [
  cue(
    'refines',
    true,
    `${BE} (?:a|an|the|one|some) (?:kind|type|sort|form|variety|example|instance|species|class|special case)s? of`,
    2,
  ),
  cue('refines', true, `${BE} (?:kinds|types|sorts|forms|varieties|examples|instances|species) of`, 2),
  cue(
    'part_of',
    true,
    `${BE} (?:a |an |the |one )?(?:\\S+ )?(?:part|component|constituent|portion|element)s? of`,
    1,
  ),
  cue('part_of', true, 'belongs? to', 1),
  cue('part_of', false, 'contains?|comprises?|consists? of', 1),
  cue('part_of', false, `${BE} (?:made up|made|composed|comprised) of`, 1),
  cue('depends_on', true, 'requires?|needs?|depends? (?:up)?on|relies (?:up)?on|rely (?:up)?on', 1),
  cue(
    'depends_on',
    true,
    `${BE} dependent (?:up)?on|cannot (?:exist|occur|live|work|function|survive|be \\S+) without`,
    1,
  ),
  cue('depends_on', false, `${BE} (?:required|needed|necessary|essential|indispensable)(?: (?:for|by))`, 1),
  cue('causes', true, 'causes?|leads? to|results? in|brings? about|gives? rise to|triggers?|induces?', 1),
  cue('causes', true, `${BE} (?:a |an |the )?(?:\\S+ )?causes? of`, 1),
  cue('causes', false, `${BE} (?:caused|triggered|induced) by|results? from|arises? from|${BE} due to`, 1),
  cue('causes', false, `${BE} (?:a |an |the )?results? of`, 1),
  cue('contradicts', true, `contradicts?|conflicts? with|${BE} (?:incompatible|inconsistent) with`, 1),
  cue(
    'supports',
    true,
    'supports?|confirms?|corroborates?|(?:provides?|gives?) (?:strong )?evidence (?:for|of)',
    1,
  ),
  cue('supports', false, `${BE} (?:supported|confirmed|corroborated|backed) by`, 1),
  cue(
    'same_as',
    true,
    `${BE} (?:the same(?: thing)? as|identical (?:to|with)|synonymous with|another (?:name|word|term) for)`,
    0,
  ),
  cue(
    'same_as',
    true,
    `${BE} (?:also|sometimes|commonly|otherwise) (?:called|known as|named|referred to as)`,
    0,
  ),
]

/** What may stand before the first name, if it is what the clause is about. */
const OPENERS = new Set(
  'the a an each every all some most many this these that those both in general usually thus'.split(' '),
)
export const LONGEST_OPENING = 2
/** Words between two names beyond which no cue says anything. */
export const LONGEST_GAP = 11

/** Nearly every gap says nothing: one expression finds that out in place of all of them. */
const ANY_CUE = new RegExp(CUES.map(({ pattern }) => pattern.source).join('|'), 'u')

/**
 * @param gap the words between two names, at most LONGEST_GAP
 * @param wordsAfter those behind the second name, where it ends
 * @returns what is said, or undefined where it is not said in so many words
 */
export function relationBetween(
  gap: readonly string[],
  wordsAfter: () => readonly string[],
): Said | undefined {
  const text = `${gap.join(' ')} `
  if (!ANY_CUE.test(text)) return undefined
  for (const { relType, isForward, pattern } of CUES) {
    const match = pattern.exec(text)
    // "causes a balloon to fly"
    if (match === null || (relType === 'causes' && wordsAfter().includes('to'))) continue
    const modifiers = match[2]!.split(' ').filter((word) => word !== '')
    if (modifiers.every((word) => !stopWords.has(word) && !NEGATORS.has(word))) {
      return { relType, isForward, cue: match[1]! }
    }
  }
  return undefined
}

const NEGATORS = new Set(['not', 'no', 'without', 'never', 'non', 'neither'])

/** Whether a word before the first name leaves it what the clause is about. */
export const isOpener = (word: string): boolean => OPENERS.has(word)

/** The name is the beginning of a longer one ("water vapour"), or one of two choices ("water or ice"). */
export const goesOnWith = (word: string): boolean =>
  word === 'or' || !(stopWords.has(word) || NEGATORS.has(word))
