/**
 * The schema that this program makes, and whether a file has it: each table, view and trigger by its text.
 *
 * The version alone does not tell, for until a release a migration may be edited in place. A file may hold more, since a
 * person's own view is no fault, and lack indexes, since a large one is filled without them.
 */
import { readdirSync, readFileSync } from 'node:fs'
import Database from 'better-sqlite3'

export type FileKind = 'control' | 'corpus' | 'shard' | 'field' | 'search' | 'embeddings' | 'vectors'

/** The way there is the same from this file, from what tsc makes of it, and from the bundle. */
const migrationsUrl = (kind: FileKind): URL => new URL(`../db/migrations/${kind}/`, import.meta.url)

/** What brings an empty file to today's schema, one step each: as many as the schema's version says. */
export const migrationsOf = (kind: FileKind): string[] =>
  readdirSync(migrationsUrl(kind))
    .filter((file) => file.endsWith('.sql'))
    .sort()

export const readMigration = (kind: FileKind, file: string): string =>
  readFileSync(new URL(file, migrationsUrl(kind)), 'utf8')

/** @returns what is not as the migrations up to and with `version` make it, such as `table frontier`; null if nothing */
export function findOtherSchema(db: Database.Database, kind: FileKind, version: number): string | null {
  const found = new Map(read(db).map(({ name, sql }) => [name, sql]))
  const other = expected(kind, version).find(({ name, sql }) => !isSame(found.get(name), sql))
  return other === undefined ? null : `${other.type} ${other.name}`
}

interface SchemaItem {
  readonly type: string
  readonly name: string
  readonly sql: string
}

const ITEMS = `
  SELECT type, name, sql FROM sqlite_master
  WHERE type IN ('table', 'view', 'trigger') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
  ORDER BY name`

const read = (db: Database.Database): SchemaItem[] => db.prepare<[], SchemaItem>(ITEMS).all()

const SHADOWS = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'"

const known = new Map<string, readonly SchemaItem[]>()

function expected(kind: FileKind, version: number): readonly SchemaItem[] {
  const key = `${kind} ${version}`
  const items = known.get(key) ?? makeExpected(kind, version)
  known.set(key, items)
  return items
}

function makeExpected(kind: FileKind, version: number): SchemaItem[] {
  const db = new Database(':memory:')
  try {
    for (const file of migrationsOf(kind).slice(0, version)) db.exec(readMigration(kind, file))
    // What SQLite makes behind an index for words is its own affair, and differs between its versions.
    const shadows = new Set(db.prepare(SHADOWS).pluck().all())
    return read(db).filter(({ name }) => !shadows.has(name))
  } finally {
    db.close()
  }
}

/** A comment that was mended makes no other table. */
const isSame = (found: string | undefined, sql: string): boolean =>
  found === sql || (found !== undefined && bare(found) === bare(sql))

const bare = (sql: string): string => sql.replaceAll(/--.*$/gm, '').replaceAll(/\s+/g, ' ')
