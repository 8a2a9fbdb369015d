/**
 * What a person does with the draft of a correction, at the least: name the concept, and keep the fact that it is about.
 *
 *     rff-shard quarantine correct ID --draft | mend-draft "$(rff-shard --json quarantine show ID)" > mended.json
 */
import { readFileSync } from 'node:fs'

const draft = JSON.parse(readFileSync(0, 'utf8'))
const [{ cluster }] = JSON.parse(process.argv[2]).cases
const positions = cluster.members.map((_, i) => i)
const kept = 0
const [longestWord] = cluster.members[kept].text.match(/\p{L}+/gu).sort((a, b) => b.length - a.length)
const mended = {
  concept: { ...draft.concept, name: longestWord, canonical_i: kept },
  members: [{ i: kept, role: 'definition' }],
  dropped: positions.filter((i) => i !== kept).map((i) => ({ i, reason: 'about something else' })),
  relations: [],
  links: [],
}
process.stdout.write(JSON.stringify(mended))
