/**
 * The facts of a cluster as they stand at the end of every prompt: one JSON object a line, so that no text can
 * pretend to be another line, and any provider, the built-in one too, can read them back.
 */
export interface FactLine {
  readonly i: number
  readonly domain: string
  readonly text: string
}

const HEADING = 'FACTS'

export const writeFactLines = (facts: readonly FactLine[]): string =>
  [HEADING, ...facts.map(({ i, domain, text }) => JSON.stringify({ i, domain, text }))].join('\n')

/** @returns what writeFactLines was given, from a message that ends with its text */
export function readFactLines(message: string): FactLine[] {
  const start = message.startsWith(`${HEADING}\n`) ? 0 : message.lastIndexOf(`\n${HEADING}\n`) + 1
  return message
    .slice(start)
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as FactLine)
}
