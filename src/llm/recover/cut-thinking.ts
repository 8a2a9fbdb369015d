/** Where an answer begins behind what a model thought aloud in tags before it. */

const OPENING = /\s*<(?:think|thinking|thought|reasoning)>/iy
const CLOSING = /<\/(?:think|thinking|thought|reasoning)>/gi

/**
 * Some servers take the opening tag for part of the prompt, so a closing one alone counts too, where the text does
 * not begin as JSON. Objects in the thinking are drafts and never taken for the answer.
 *
 * @returns the offset behind the thinking, 0 where there is none; undefined where the thinking never ends
 */
export function answerStart(text: string): number | undefined {
  let start = 0
  for (;;) {
    OPENING.lastIndex = start
    const isThinking = OPENING.test(text)
    CLOSING.lastIndex = start
    const closing = CLOSING.exec(text)
    if (closing === null) return isThinking ? undefined : start
    if (!isThinking && (start > 0 || beginsAsJson(text))) return start
    start = closing.index + closing[0].length
  }
}

const beginsAsJson = (text: string): boolean => /^\s*(?:[{["]|```)/u.test(text)
