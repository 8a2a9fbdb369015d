/** JSON lines into corpus.sqlite by our intake: every line validated, keyed and indexed. */
import { availableParallelism } from 'node:os'
import type * as OpenDb from '../../db/open.ts'
import type * as Intake from '../../src/control/intake/intake.ts'
import { built } from '../support/built.ts'

interface Input {
  readonly factsPath: string
  readonly corpusPath: string
}

interface Modules {
  readonly openDb: typeof OpenDb.openDb
  readonly intake: typeof Intake.intake
}

export async function prepare(): Promise<Modules> {
  const { openDb } = await built<typeof OpenDb>('db/open.ts')
  const { intake } = await built<typeof Intake>('src/control/intake/intake.ts')
  return { openDb, intake }
}

export async function contend(
  { factsPath, corpusPath }: Input,
  { openDb, intake }: Modules,
): Promise<number> {
  const corpus = openDb(corpusPath, 'corpus', { mode: 'create' })
  const { added } = await intake(corpus, {
    planNo: 1,
    inputs: [factsPath],
    map: {},
    replace: false,
    frozen: false,
    maxRefusedShare: 0.01,
    limits: { maxLineBytes: 1_048_576, maxTextChars: 20_000 },
    threadCount: availableParallelism(),
  })
  corpus.close()
  return added
}
