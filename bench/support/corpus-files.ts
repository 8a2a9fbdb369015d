/** Reading the public corpora and their gold, which are JSON lines. */
import { readFileSync } from 'node:fs'

export interface FactRow {
  readonly fact_id: string
  readonly domain: string
  readonly text: string
}

export const readLines = <T>(path: string): T[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
