/**
 * Is a generated corpus as hard as a real one?
 *
 * Neighbours above the floor (64 looked for, so that crowds show), sizes of clusters and repeated texts, of the real
 * facts, of the same facts recombined to several times their number, and of made-up ones.
 */
import { join } from 'node:path'
import { recombinedFacts } from '../generators/recombined-facts.ts'
import { writeCorpus } from '../generators/write-corpus.ts'
import { zipfFacts } from '../generators/zipf-facts.ts'
import { realFacts } from '../support/corpus-for.ts'
import { neighbourCensus } from '../support/neighbour-census.ts'
import type { Row, Trial } from '../support/trial.ts'

const FACTS = 300_000
const SMALL_FACTS = 5_000

export const trial: Trial = {
  name: 'generator',
  question: 'Is a generated corpus as hard as a real one: neighbours, clusters, repeated texts?',
  peers: [],
  async run(context) {
    const facts = context.isSmall ? SMALL_FACTS : Math.min(FACTS, context.mostFacts)
    const { name, path } = realFacts(context)
    const generated = join(context.workFolder, 'generated.jsonl')
    const census = (factsPath: string) =>
      neighbourCensus(factsPath, join(context.workFolder, 'corpus.sqlite'))
    const rows: Row[] = []
    context.say(name)
    rows.push({ name: `${name}, as it is`, cells: await census(path) })
    context.say('recombined')
    // Without the facts as they are, or a corpus no larger than theirs would be compared with itself.
    writeCorpus(generated, recombinedFacts(path, facts, 1))
    rows.push({ name: `recombined from ${name}`, cells: await census(generated) })
    context.say('made up')
    writeCorpus(generated, zipfFacts(facts, 1))
    rows.push({ name: 'made up by Zipf', cells: await census(generated) })
    return {
      rows,
      absentPeers: [],
      notes: [
        'At most 64 neighbours are looked for, so a 64 says "64 or more"; the floor and the postings cap are the defaults.',
        'The recombined corpus holds copies only; the facts as they are, with which it begins elsewhere, were left out.',
      ],
    }
  },
}
