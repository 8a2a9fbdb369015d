/** A process that takes its standard input into the corpus file that its argument names. */
import { openDb } from '../../../db/open.ts'
import { intake } from '../../../src/control/intake/intake.ts'

const corpus = openDb(process.argv[2]!, 'corpus', { mode: 'write' })
await intake(corpus, {
  planNo: 1,
  inputs: ['-'],
  map: {},
  replace: false,
  frozen: false,
  maxRefusedShare: 0,
  limits: { maxLineBytes: 1_048_576, maxTextChars: 20_000 },
})
corpus.close()
