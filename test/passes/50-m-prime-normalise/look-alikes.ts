/** Pairs of names from public corpora that are alike and mean different things. */
import { readFileSync } from 'node:fs'

interface LookAlike {
  readonly a: string
  readonly b: string
  readonly origin: string
}

export const lookAlikes: readonly LookAlike[] = readFileSync(
  new URL('../../data/look-alike-names.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as LookAlike)
