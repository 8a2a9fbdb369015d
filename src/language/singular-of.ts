/**
 * The singular of an English noun, and nothing else: unlike a stemmer it leaves "contaminated" and "spiny" alone,
 * since "contaminate" and "contaminated" name different things.
 */

/** Plurals that no rule reaches; both sides are nouns of their own right only as plural and singular. */
const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['children', 'child'],
  ['women', 'woman'],
  ['teeth', 'tooth'],
  ['feet', 'foot'],
  ['mice', 'mouse'],
  ['geese', 'goose'],
  ['wolves', 'wolf'],
  ['leaves', 'leaf'],
  ['halves', 'half'],
  ['shelves', 'shelf'],
  ['knives', 'knife'],
  ['vertices', 'vertex'],
  ['matrices', 'matrix'],
  ['indices', 'index'],
  ['bacteria', 'bacterium'],
  ['phenomena', 'phenomenon'],
  ['criteria', 'criterion'],
  ['nuclei', 'nucleus'],
  ['stimuli', 'stimulus'],
  ['analyses', 'analysis'],
  ['hypotheses', 'hypothesis'],
  ['axes', 'axis'],
  ['crises', 'crisis'],
  ['gases', 'gas'],
  ['buses', 'bus'],
  ['lenses', 'lens'],
])

/** Words whose form in -s is a thing of its own, or has no singular. */
const OF_THEIR_OWN = new Set(
  `arms goods glasses spectacles customs spirits means news series species works savings humanities greens colours
   colors manners letters minutes quarters remains looks damages forces grounds headquarters premises proceedings
   surroundings lens chaos cosmos bias atlas canvas always perhaps besides hives rabies caries herpes diabetes`.split(
    /\s+/u,
  ),
)

/** @param word small plain letters, four or more */
export function singularOf(word: string): string {
  const irregular = IRREGULAR.get(word)
  if (irregular !== undefined) return irregular
  // -ics is a discipline ("optics"), -ss, -us, -is and -os are hardly ever plurals.
  if (!word.endsWith('s') || OF_THEIR_OWN.has(word) || /(?:ics|ss|us|is|os)$/u.test(word)) return word
  if (word.endsWith('ies')) return word.length > 5 ? `${word.slice(0, -3)}y` : word
  if (/(?:ss|x|ch|sh|zz)es$/u.test(word)) return word.slice(0, -2)
  return word.slice(0, -1)
}
