/** An answer line by line, each with the path of what stands on it, so that a finding can be shown where it is. */

export interface AnswerLine {
  readonly text: string
  /** As findings name places: `relations[2].dst_i`; empty for the whole. */
  readonly path: string
}

/** @returns null where the answer is no JSON: then it can only be shown word for word */
export function answerLines(answer: string): AnswerLine[] | null {
  const parsed = parse(answer)
  return parsed === undefined ? null : [...write(parsed, '', 0, '', '')]
}

function parse(text: string): unknown {
  const fenced = /^\s*```(?:json)?\s*\n([\s\S]*?)\n```\s*$/.exec(text)?.[1]
  try {
    const value: unknown = JSON.parse(fenced ?? text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function* write(
  value: unknown,
  path: string,
  depth: number,
  before: string,
  after: string,
): Generator<AnswerLine> {
  const indent = '  '.repeat(depth)
  const flat = JSON.stringify(value)
  // Small things read better on one line: a relation, a list of positions.
  if (typeof value !== 'object' || value === null || (depth > 1 && flat.length < 100)) {
    yield { text: `${indent}${before}${spacedOut(flat)}${after}`, path }
    return
  }
  const isList = Array.isArray(value)
  const entries: [string, unknown, string][] = isList
    ? value.map((item, at) => ['', item, `${path}[${at}]`])
    : Object.entries(value).map(([key, item]) => [
        `${JSON.stringify(key)}: `,
        item,
        path === '' ? key : `${path}.${key}`,
      ])
  yield { text: `${indent}${before}${isList ? '[' : '{'}`, path }
  for (const [at, [label, item, own]] of entries.entries())
    yield* write(item, own, depth + 1, label, at === entries.length - 1 ? '' : ',')
  yield { text: `${indent}${isList ? ']' : '}'}${after}`, path }
}

/** `{"i":0,"role":"x"}` with air in it, but not inside of its texts. */
const spacedOut = (json: string): string =>
  json.replace(
    /("(?:[^"\\]|\\.)*")|([:,])/g,
    (_, text: string | undefined, mark: string) => text ?? `${mark} `,
  )

/** Whether a finding is about what stands on a line: the very place, something in it, or the list that it names. */
export const isAbout = (at: string, path: string): boolean =>
  at !== '' &&
  path !== '' &&
  (at === path ||
    path.startsWith(`${at}[`) ||
    path.startsWith(`${at}.`) ||
    at.startsWith(`${path}.`) ||
    at.startsWith(`${path}[`))
