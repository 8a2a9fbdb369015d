/** What each default relation type says, for the prompt: `src` first, then the type, then `dst`. */

const MEANINGS: Readonly<Record<string, string>> = {
  refines:
    'src is a special case of dst, or says the same thing more sharply: a narrower condition, an added detail, an exact value. From the special to the general.',
  depends_on:
    'src cannot hold, or cannot be understood, without dst. Only where a supporting fact says so in words: "requires", "depends on", "needs", "is necessary for", "only if", "without … no". From what needs to what is needed.',
  contradicts:
    'src and dst cannot both be true. Only where a supporting fact says so in words: "not", "no", "never", "unlike", "contrary to", "false", "rather than". Two different values, or two different things, are no contradiction. Give it once, in either direction.',
  supports: 'src gives evidence or a reason for dst. From the evidence to the claim.',
  part_of:
    'what src is about is a part, a component, a stage or a member of what dst is about. From the part to the whole.',
  causes: 'what src describes brings about what dst describes. From the cause to the effect.',
  same_as:
    'src and dst say the same in other words; neither adds anything. Give it once, in either direction.',
}

/** @returns one line a type, in the order given; a type of the operator's own is explained by its name alone */
export const meaningLines = (relationTypes: readonly string[]): string =>
  relationTypes
    .map((type) => {
      const meaning = Object.hasOwn(MEANINGS, type) ? MEANINGS[type] : `src ${type.replaceAll('_', ' ')} dst.`
      return `- ${type}: ${meaning}`
    })
    .join('\n')
