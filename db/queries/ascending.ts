/** Each text once, in the order of its code units. Most concepts are the word of one cluster, with one name. */
export const ascending = (texts: readonly string[]): readonly string[] =>
  texts.length < 2 ? texts : [...new Set(texts)].sort()
