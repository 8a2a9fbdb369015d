/** The input of a trial: real facts where a folder of them was named, the demo's otherwise, recombined to any size. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { recombinedFacts } from '../generators/recombined-facts.ts'
import { writeCorpus } from '../generators/write-corpus.ts'
import type { TrialContext } from './trial.ts'

const DEMO_FACTS = new URL('../../demo/facts.jsonl', import.meta.url).pathname

interface RealFacts {
  readonly name: string
  readonly path: string
}

/** WordNet where it is there: the largest of the public corpora. */
export function realFacts({ corporaFolder }: Pick<TrialContext, 'corporaFolder'>): RealFacts {
  const wordNet = corporaFolder === null ? null : join(corporaFolder, 'facts-oewn.jsonl')
  return wordNet !== null && existsSync(wordNet)
    ? { name: 'WordNet', path: wordNet }
    : { name: 'the demo corpus', path: DEMO_FACTS }
}

export interface Corpus {
  readonly path: string
  readonly bytes: number
  /** For a note: what the facts are. */
  readonly description: string
}

export function recombinedCorpus(context: TrialContext, factCount: number): Corpus {
  const { name, path: basePath } = realFacts(context)
  const path = join(context.workFolder, `facts-${factCount}.jsonl`)
  context.say(`writing ${factCount} facts recombined from ${name}`)
  const bytes = writeCorpus(path, recombinedFacts(basePath, factCount))
  return { path, bytes, description: `${factCount} facts recombined from ${name}` }
}
