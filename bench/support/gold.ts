/** The gold of a public corpus as pairs of facts that should be found together. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readLines } from './corpus-files.ts'

export type Pair = readonly [string, string]

/** Empty where a corpus has no gold relations. */
export function goldPairs(folder: string, corpus: string): Pair[] {
  const path = join(folder, `gold-relations-${corpus}.jsonl`)
  if (!existsSync(path)) return []
  return readLines<{ src: string; dst: string }>(path).map(({ src, dst }) => [src, dst] as const)
}

export interface GoldTree {
  readonly leaves: readonly string[]
  readonly distractors: readonly string[]
}

export function goldTrees(folder: string, corpus: string): GoldTree[] {
  const path = join(folder, `gold-clusters-${corpus}.jsonl`)
  return existsSync(path) ? readLines<GoldTree>(path) : []
}
