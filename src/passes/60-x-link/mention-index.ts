/**
 * Finds names in running text: the longest name at each place, whole words only, singular and plural alike in the
 * last word. A form that several concepts claim belongs to none of them, unless the text is about one of them.
 */
import { type ClaimTable, createClaimTable } from '../../language/claim-table.ts'
import { singularOf } from '../../language/singular-of.ts'
import { stopWords, wordsOf } from '../../language/words.ts'

export interface Mention {
  readonly formNo: number
  /** Position of the first word, and of the one after the last. */
  readonly start: number
  readonly end: number
}

export interface MentionIndex {
  readonly claims: ClaimTable
  /** @param name normalised; @param owner not smaller than the one before; @param isName as its name, not an alias */
  add(owner: number, name: string, isName: boolean): void
  /** Left to right, none overlapping another. */
  mentionsIn(words: readonly string[]): Mention[]
  /** How a name stands in the index; undefined where nobody has it, or nothing could be found by it. */
  formOf(name: string): number | undefined
}

const MOST_WORDS = 8
const SHORTEST_SINGLE_WORD = 3

export function createMentionIndex(): MentionIndex {
  const claims = createClaimTable()
  const prefixes = createPrefixFilter()
  const longestAt = (words: readonly string[], start: number): Mention | undefined => {
    let found: Mention | undefined
    let prefix = ''
    for (let end = start + 1; end <= Math.min(words.length, start + MOST_WORDS); end++) {
      const formNo = claims.find(prefix + lastWordOf(words[end - 1]!))
      if (formNo !== undefined) found = { formNo, start, end }
      prefix += `${words[end - 1]} `
      if (!prefixes.mayHold(prefix)) break
    }
    return found
  }
  const mentionsIn = (words: readonly string[]): Mention[] => {
    const mentions: Mention[] = []
    for (let start = 0; start < words.length; ) {
      const mention = longestAt(words, start)
      if (mention !== undefined) mentions.push(mention)
      start = mention?.end ?? start + 1
    }
    return mentions
  }
  return {
    claims,
    add(owner, name, isName) {
      const words = wordsOf(name)
      if (!isFindable(words)) return
      let prefix = ''
      for (const word of words.slice(0, -1)) {
        prefix += `${word} `
        prefixes.add(prefix)
      }
      claims.claim(owner, prefix + lastWordOf(words[words.length - 1]!), isName)
    },
    mentionsIn,
    formOf(name) {
      const words = wordsOf(name)
      return words.length === 0
        ? undefined
        : claims.find([...words.slice(0, -1), lastWordOf(words.at(-1)!)].join(' '))
    },
  }
}

/** A name of function words, of a number or of one short word is met everywhere and means something else. */
function isFindable(words: readonly string[]): boolean {
  if (words.length === 0 || words.length > MOST_WORDS) return false
  if (words.length === 1 && (words[0]!.length < SHORTEST_SINGLE_WORD || /^[\p{N}.,]+$/u.test(words[0]!)))
    return false
  return words.some((word) => !stopWords.has(word))
}

const lastWordOf = (word: string): string => (/^[a-z]{4,}$/u.test(word) ? singularOf(word) : word)

/** A bitmap of hashed beginnings of names; a false yes costs one more look. 2^24 bits are 2 MiB. */
function createPrefixFilter() {
  const bits = new Uint8Array(1 << 21)
  const placeOf = (text: string): number => {
    let hash = 0x811c9dc5
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
    return (hash ^ (hash >>> 13)) & 0xffffff
  }
  return {
    add(text: string): void {
      const place = placeOf(text)
      bits[place >>> 3] = bits[place >>> 3]! | (1 << (place & 7))
    },
    mayHold(text: string): boolean {
      const place = placeOf(text)
      return ((bits[place >>> 3]! >>> (place & 7)) & 1) === 1
    },
  }
}
