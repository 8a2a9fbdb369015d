/**
 * A published field of any size, written directly: concepts of made-up words with three members and three edges each,
 * their facts in a corpus beside it. A few concepts are hubs, as in real fields: one end of each edge is drawn with
 * the cube of an even draw, so that the first thousandth has about a tenth of all edges.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { type Db, openDb } from '../../db/open.ts'
import { deferFactIndexes, restoreFactIndexes } from '../../db/queries/deferred-indexes.ts'
import { factQueries } from '../../db/queries/facts.ts'
import { settle, setUnsafe, withoutIndexes } from '../../db/queries/field-building.ts'
import { fieldRegister } from '../../db/queries/field-register.ts'
import { columnsOf, PUBLISHED_TABLES } from '../../db/queries/field-tables.ts'
import { inputQueries } from '../../db/queries/inputs.ts'
import { planQueries } from '../../db/queries/plans.ts'
import type { Manifest } from '../../schemas/manifest.ts'
import { filesOf } from '../../src/control/merge/field-files.ts'
import { MERGED, swapPointer } from '../../src/control/merge/pointers.ts'
import { openWorkspace } from '../../src/control/workspace.ts'
import { madeUpWord } from './made-up-word.ts'
import { mixed } from './random.ts'

const FIELD_TAG = '20260102_030405'
const MEMBERS = 3
const EDGES = 3
const DOMAINS = 40
/** As many as a language has in use. */
const VOCABULARY = 50_000
const REL_TYPES = ['refines', 'depends_on', 'part_of', 'causes']

export function writeField(workspaceDir: string, concepts: number): void {
  const workspace = openWorkspace(workspaceDir, 'create')
  const plans = planQueries(workspace.control)
  const planNo = plans.begin({ digest: 'generated', settings: '{}', nowMs: 0 })
  plans.advance(planNo, 'done', null)
  const corpus = openDb(workspace.corpusPath, 'corpus', { mode: 'create' })
  inputQueries(corpus).insert({ planNo, path: 'generated.jsonl', format: 'jsonl' })
  deferFactIndexes(corpus)
  fillCorpus(corpus, concepts)
  restoreFactIndexes(corpus)
  corpus.close()
  const files = filesOf(workspace.fieldDir, FIELD_TAG)
  mkdirSync(files.dir, { recursive: true })
  const field = openDb(files.database, 'field', { mode: 'create' })
  setUnsafe(field)
  fillField(field, concepts)
  settle(field)
  writeFileSync(files.manifest, JSON.stringify(manifestOf(concepts)))
  fieldRegister(workspace.control).begin({ fieldTag: FIELD_TAG, baseTag: null, nowMs: 0 })
  swapPointer(workspace.currentDir, MERGED, FIELD_TAG)
  workspace.close()
}

const CONCEPTS_PER_COMMIT = 50_000
/** Coprime to any size that is asked for, so that it deals hubs out over all ids. */
const STRIDE = 7_919

/** Ascending, so that rows arrive in the order of their keys. */
export const generatedConceptId = (n: number): string => `con_${n.toString(16).padStart(24, '0')}`

/** A word that many share and one of its own. */
export const generatedName = (n: number): string => `${madeUpWord(mixed(n, 1) % VOCABULARY)} ${madeUpWord(n)}`

const word = (n: number, which: number): string => madeUpWord(mixed(n, which) % VOCABULARY)
const factIdOf = (n: number, i: number): string => `made:${n}:${i}`
const domainOf = (n: number): string => `area-${n % DOMAINS}`

function fillCorpus(corpus: Db, concepts: number): void {
  const facts = factQueries(corpus)
  inBatches(corpus, concepts, (n) => {
    for (let i = 0; i < MEMBERS; i++) {
      const text = `The ${generatedName(n)} has a ${word(n, 10 + i)} that the ${word(n, 20 + i)} has not.`
      const fact = {
        factId: factIdOf(n, i),
        dupGroupId: factIdOf(n, i),
        domain: domainOf(n),
        text,
        source: 'made up',
      }
      const line = n * MEMBERS + i
      facts.insert(fact, BigInt(line), { inputNo: 1, byteOffset: line * 100, lineNumber: line + 1 })
    }
  })
}

function fillField(field: Db, concepts: number): void {
  const put = Object.fromEntries(
    PUBLISHED_TABLES.map((table) => {
      const columns = columnsOf(table)
      return [
        table.name,
        field.prepare(
          `INSERT OR IGNORE INTO ${table.name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
        ),
      ]
    }),
  )
  const map = field.prepare("INSERT INTO concept_map VALUES (?, ?, 'self', ?)")
  withoutIndexes(field, ['members', 'edges', 'aliases', 'concept_map'], () =>
    inBatches(field, concepts, (n) => {
      const id = generatedConceptId(n)
      const name = generatedName(n)
      map.run(id, id, name)
      put.aliases!.run(id, name, name, 'name', 1)
      for (let i = 0; i < MEMBERS; i++)
        put.members!.run(id, factIdOf(n, i), factIdOf(n, i), i === 0 ? 'definition' : 'property', 1, 0)
      for (let i = 0; i < EDGES; i++) {
        const edgeId = `edg_${(n * EDGES + i).toString(16).padStart(24, '0')}`
        const other = generatedConceptId(hubOf(n, i, concepts))
        if (other === id) continue
        const type = REL_TYPES[(n + i) % REL_TYPES.length]
        put.edges!.run(edgeId, id, other, type, 500_000 + (n % 500_000), 1 + (n % 3))
        put.edge_support!.run(edgeId, factIdOf(n, i), 'clu_generated', 'named')
      }
    }),
  )
  field.exec('CREATE TEMP TABLE ends AS SELECT dst_concept_id AS id, count(*) AS n FROM edges GROUP BY 1')
  field.exec('CREATE UNIQUE INDEX temp.ends_by_id ON ends (id)')
  const arriving = field.prepare<[string], number>('SELECT n FROM temp.ends WHERE id = ?').pluck()
  inBatches(field, concepts, (n) => {
    const id = generatedConceptId(n)
    const gloss = `a ${word(n, 30)} with a ${word(n, 31)} of its own`
    const edges = EDGES + (arriving.get(id) ?? 0)
    put.concepts!.run(id, generatedName(n), gloss, domainOf(n), factIdOf(n, 0), 1 + (n % 7), MEMBERS, edges)
  })
}

/** The cube of an even draw, dealt out over all ids. */
function hubOf(n: number, i: number, concepts: number): number {
  const draw = mixed(n, 40 + i) / 2 ** 32
  return (Math.floor(draw ** 3 * concepts) * STRIDE) % concepts
}

function inBatches(db: Db, count: number, write: (n: number) => void): void {
  db.exec('BEGIN')
  for (let n = 0; n < count; n++) {
    write(n)
    if (n % CONCEPTS_PER_COMMIT === 0) db.exec('COMMIT; BEGIN')
  }
  db.exec('COMMIT')
}

/** A generated field was never judged: its digest only has to be one. */
const manifestOf = (concepts: number): Manifest => ({
  format: 1,
  program_version: 'generated',
  created_at: '2026-01-02T03:04:05.000Z',
  field_tag: FIELD_TAG,
  verdict: 'published',
  base: null,
  staged_from: null,
  inputs: [],
  set_aside: [],
  stages: [],
  counts: {
    raw_concepts: 0,
    raw_members: 0,
    raw_edges: 0,
    raw_links: 0,
    superseded: 0,
    concepts,
    aliases: concepts,
    members: concepts * MEMBERS,
    fact_edges: 0,
    edges: concepts * EDGES,
    edge_support: concepts * EDGES,
  },
  deltas: null,
  gates: [],
  overrides: [],
  complete: true,
  field_digest: concepts.toString(16).padStart(64, '0'),
  pointers: [MERGED],
})
