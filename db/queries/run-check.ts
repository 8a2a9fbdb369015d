import type { Db } from '../open.ts'

/** @returns what breaks the claim: the one number that the check's SQL gives */
export function runCheck(db: Db, sql: string): number {
  return db.prepare<[], number>(sql).pluck().get() ?? 0
}

/** A connection that only reads attaches for reading only, so a missing file is an error and not made. */
export function attachReadOnly(db: Db, files: Readonly<Record<string, string>>): void {
  for (const [schema, path] of Object.entries(files)) db.prepare(`ATTACH ? AS ${schema}`).run(path)
}

/** `rff_key(id)`: the key that a fact's id hashes to. */
export function defineKeyFunction(db: Db, keyOf: (factId: string) => bigint): void {
  db.function('rff_key', { deterministic: true, directOnly: true, safeIntegers: true }, (factId) =>
    keyOf(String(factId)),
  )
}
