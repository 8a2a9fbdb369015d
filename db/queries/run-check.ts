import type { Db } from '../open.ts'

/** @returns what breaks the claim: the one number that the check's SQL gives */
export function runCheck(db: Db, sql: string): number {
  return db.prepare<[], number>(sql).pluck().get() ?? 0
}

/** A connection that only reads attaches for reading only, so a missing file is an error and not made. */
export function attachReadOnly(db: Db, files: Readonly<Record<string, string>>): void {
  for (const [schema, path] of Object.entries(files)) db.prepare(`ATTACH ? AS ${schema}`).run(path)
}

/** What the checks compute again, by the name that it has in SQL. */
export interface Derivations {
  /** The key that a fact's id hashes to. */
  readonly rff_key: (factId: string) => bigint
  readonly rff_cluster_id: (seedFactId: string, round: string) => string
  /** @param domain the empty string unless concepts are kept apart by domain */
  readonly rff_concept_id: (normalisedName: string, domain: string) => string
  readonly rff_edge_id: (srcConceptId: string, relType: string, dstConceptId: string) => string
  readonly rff_normalised: (name: string) => string
}

export function defineDerivations(db: Db, derivations: Derivations): void {
  const options = { deterministic: true, directOnly: true, safeIntegers: true, varargs: true } as const
  for (const [name, derive] of Object.entries(derivations) as [string, (...texts: string[]) => unknown][])
    db.function(name, options, (...values) => derive(...values.map(String)))
}
