/** A corpus file and a folder for inputs, for the tests of intake. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Db, openDb } from '../../../db/open.ts'
import { type IntakeOptions, intake } from '../../../src/control/intake/intake.ts'

export const LIMITS = { maxLineBytes: 1_048_576, maxTextChars: 20_000 }

export interface World {
  readonly folder: string
  readonly corpus: Db
  /** Writes an input; a list becomes JSON lines. */
  put(name: string, content: string | Uint8Array | readonly object[]): Promise<string>
  take(inputs: readonly string[], options?: Partial<IntakeOptions>): ReturnType<typeof intake>
}

export async function setup(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'rff-intake-'))
  const corpus = openDb(join(folder, 'corpus.sqlite'), 'corpus', { mode: 'create' })
  onTestFinished(async () => {
    corpus.close()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    folder,
    corpus,
    async put(name, content) {
      const path = join(folder, name)
      await writeFile(path, isRecords(content) ? linesOf(content) : content)
      return path
    },
    take: (inputs, options = {}) =>
      intake(corpus, {
        planNo: 1,
        inputs,
        map: {},
        replace: false,
        frozen: false,
        maxRefusedShare: 1,
        limits: LIMITS,
        ...options,
      }),
  }
}

const isRecords = (content: string | Uint8Array | readonly object[]): content is readonly object[] =>
  Array.isArray(content)

export const linesOf = (records: readonly object[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('')

/** Every row that an intake writes, in an order of its own. */
export function rowsOf(corpus: Db): Record<string, unknown[]> {
  const tables = ['inputs', 'facts', 'refused', 'touched', 'coverage', 'clusters', 'cluster_facts', 'retired']
  return Object.fromEntries(
    tables.map((table) => [
      table,
      corpus
        .prepare(`SELECT * FROM ${table}`)
        .safeIntegers()
        .all()
        .map((row) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}` : value)))
        .sort(),
    ]),
  )
}

export const factsOf = (corpus: Db): unknown[] =>
  corpus
    .prepare('SELECT fact_id, dup_group_id, domain, text, source, state FROM facts ORDER BY fact_id')
    .all()
