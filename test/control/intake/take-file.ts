/** A process that takes a file into a corpus and says after each block that it was committed. */
import { writeSync } from 'node:fs'
import { openDb } from '../../../db/open.ts'
import { intake } from '../../../src/control/intake/intake.ts'

const [corpusPath, path] = process.argv.slice(2)
const corpus = openDb(corpusPath!, 'corpus', { mode: 'write' })
await intake(corpus, {
  planNo: 1,
  inputs: [path!],
  map: {},
  domains: [''],
  replace: false,
  frozen: false,
  maxRefusedShare: 1,
  limits: { maxLineBytes: 1_048_576, maxTextChars: 20_000 },
  onProgress: () => void writeSync(1, 'committed\n'),
})
corpus.close()
