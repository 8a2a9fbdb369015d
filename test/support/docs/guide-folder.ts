/** The folder that somebody sits in who types what a page says, with everything at hand that the page takes for granted. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { parquetWriteFile } from 'hyparquet-writer'
import { currentField } from '../demo-world.ts'

const ROOT = new URL('../../../', import.meta.url).pathname
const FACTS = 60
const GOLD_LINES = 10

interface Fact {
  readonly fact_id: string
  readonly domain: string
  readonly text: string
}

/**
 * @param parent whose end is the folder's end
 * @param workspace copied to `rff`, where the page begins with one that has a history
 */
export function guideFolder(parent: string, workspace: string | null): string {
  const dir = mkdtempSync(join(parent, 'guide-'))
  if (workspace !== null) {
    cpSync(workspace, join(dir, 'rff'), { recursive: true })
    rmSync(join(dir, 'rff/rff.toml')) // its server is gone
  }
  writeInputs(dir)
  writePrograms(join(dir, 'bin'))
  return dir
}

function writeInputs(dir: string): void {
  const lines = readFileSync(join(ROOT, 'demo/facts.jsonl'), 'utf8').split('\n').slice(0, FACTS)
  const facts = lines.map((line) => JSON.parse(line) as Fact)
  const write = (name: string, content: string | Buffer): void => writeFileSync(join(dir, name), content)
  const asJsonl = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  for (const name of ['my-facts.jsonl', 'facts.jsonl']) write(name, `${lines.join('\n')}\n`)
  write('more.csv.gz', gzipSync('statement,domain\nHeat flows from a hot body to a cold one.,Heat\n'))
  const column = (name: keyof Fact) => ({ name, data: facts.map((fact) => fact[name]) })
  const columnData = [column('fact_id'), column('domain'), column('text')]
  parquetWriteFile({ filename: join(dir, 'facts.parquet'), columnData })
  const pairs = facts
    .slice(0, GOLD_LINES)
    .map(({ fact_id }, at) => ({ src: fact_id, dst: facts[at + GOLD_LINES]!.fact_id }))
  for (const name of ['relations.jsonl', 'gold-relations.jsonl'])
    write(
      name,
      asJsonl(pairs.map((pair, at) => ({ ...pair, relation: at % 2 === 0 ? 'refines' : 'opposite_of' }))),
    )
  const [first, second, ...others] = facts.map(({ fact_id }) => fact_id)
  write('trees.jsonl', asJsonl([{ leaves: [first, second], distractors: others.slice(0, 2) }]))
  const request = {
    request_id: 'req_1',
    created_at: '2026-11-20T10:00:00Z',
    model: 'gpt-5-mini',
    prompt_tokens: 9,
    completion_tokens: 1,
  }
  write('requests.jsonl', asJsonl([request]))
  write('usage.csv', `${Object.keys(request).join(',')}\n${Object.values(request).join(',')}\n`)
  write('keys.env', 'export OPENAI_API_KEY=key\n')
}

/** What a shell finds first: the built program, and an npx that knows of nothing else. */
function writePrograms(bin: string): void {
  mkdirSync(bin)
  const program = (name: string, script: string): void =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  program('rff-shard', `exec '${process.execPath}' '${join(ROOT, 'dist/bundle/cli.js')}' "$@"`)
  program('npx', '[ "$1" = rff-shard ] && exec "$@"; exit 127')
  program('mend-draft', `exec '${process.execPath}' '${join(ROOT, 'test/support/docs/mend-draft.mjs')}' "$@"`)
}

function queried(path: string, sql: string): string | undefined {
  const db = new Database(path, { readonly: true })
  try {
    return db.prepare(sql).pluck().get() as string | undefined
  } finally {
    db.close()
  }
}

const fieldFile = (dir: string): string => join(currentField({ dir: join(dir, 'rff') }), 'field.sqlite')

const fromShards = (dir: string, sql: string): string | undefined =>
  readdirSync(join(dir, 'rff/shards'))
    .filter((name) => name.endsWith('.sqlite'))
    .map((name) => queried(join(dir, 'rff/shards', name), sql))
    .find((value) => value !== undefined)

const tagOfField = (dir: string, which: 'first' | 'last'): string | undefined =>
  queried(
    join(dir, 'rff/control.sqlite'),
    `SELECT field_tag FROM fields ORDER BY field_tag ${which === 'first' ? 'ASC' : 'DESC'} LIMIT 1`,
  )

function optionally(flag: string, path: string, sql: string): string | undefined {
  const value = queried(path, sql)
  return value === undefined ? undefined : `${flag} "${value}"`
}

const aDomain = (dir: string): string | undefined =>
  optionally('--domain', fieldFile(dir), 'SELECT domain FROM concepts WHERE edge_count > 0 LIMIT 1')

/** What pages write for something that everybody has another one of, and how the one of this folder is found. */
const STAND_INS: readonly (readonly [string, (dir: string) => string | undefined])[] = [
  [
    'CONCEPT_ID',
    (dir) => queried(fieldFile(dir), 'SELECT concept_id FROM concepts ORDER BY concept_id LIMIT 1'),
  ],
  [
    'con_5a2a0ed9aa3ab7d82b53e820',
    (dir) => queried(fieldFile(dir), 'SELECT concept_id FROM concepts LIMIT 1'),
  ],
  ['os:heat-1', (dir) => queried(join(dir, 'rff/corpus.sqlite'), 'SELECT fact_id FROM facts LIMIT 1')],
  [
    'clu_0f3a',
    (dir) => fromShards(dir, "SELECT cluster_id FROM quarantine WHERE state = 'quarantined' LIMIT 1"),
  ],
  ['field-20260102_030405', (dir) => `field-${tagOfField(dir, 'first')}`],
  ['20260101_030405', (dir) => tagOfField(dir, 'first')],
  ['20260102_030405', (dir) => tagOfField(dir, 'last')],
  [
    '--relation depends_on',
    (dir) => optionally('--relation', fieldFile(dir), 'SELECT rel_type FROM edges LIMIT 1'),
  ],
  ['--domain "Modern physics"', (dir) => aDomain(dir)],
  ['--domain Optics', (dir) => aDomain(dir)],
  ['/srv/corpus', (dir) => dir],
  ['/srv/rff', (dir) => dir],
  ['/etc/rff-shard', (dir) => dir],
]

/** @throws Error if the folder has nothing that a stand-in could stand for */
export function withRealNames(line: string, dir: string): string {
  let real = line
  for (const [standIn, find] of STAND_INS) {
    if (!real.includes(standIn)) continue
    const found = find(dir)
    if (found === undefined) throw new Error(`nothing in the folder is a ${standIn}, for: ${line}`)
    real = real.replaceAll(standIn, found)
  }
  return real
}
