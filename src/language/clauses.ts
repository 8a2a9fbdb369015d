/** A statement as clauses of words, so that no name is found across a full stop and no cue across a comma. */
import { wordsOf } from './words.ts'

/** Punctuation that ends a clause: marks before a space, commas, brackets, and a dash between spaces. */
const CLAUSE_ENDS = /[.;:!?]+(?=\s|$)|,(?=\s)|[()[\]{}"\u201c\u201d]|\s[-\u2013\u2014]\s|\s\/\s/u

export const clausesOf = (text: string): string[][] =>
  text
    .split(CLAUSE_ENDS)
    .map(wordsOf)
    .filter((words) => words.length > 0)
