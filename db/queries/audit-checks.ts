/**
 * The invariants, each as SQL that counts what breaks it: 0 is what a sound file says.
 *
 * Nothing here is newer than SQLite 3.40, so that a person's `sqlite3` gives the same answers. Two files that must agree
 * are read together: `control` and `corpus` are then attached under these names.
 */
import type { FileKind } from '../schema-of.ts'
import type { AuditCheck } from './audit-check.ts'
import { EMBEDDING_CHECKS } from './audit-checks-of-embeddings.ts'
import { FIELD_CHECKS } from './audit-checks-of-fields.ts'
import { CONTROL_CHECKS, CORPUS_CHECKS } from './audit-checks-of-plans.ts'
import { shardChecks } from './audit-checks-of-shards.ts'

/** @param versions passM: of the pass whose deltas a settled structure must have */
export function auditChecks(kind: FileKind, versions: { readonly passM: number }): readonly AuditCheck[] {
  if (kind === 'control') return [...CONTROL_CHECKS, ...OF_EVERY_FILE]
  if (kind === 'corpus') return [...CORPUS_CHECKS, ...OF_EVERY_FILE]
  if (kind === 'embeddings') return [...EMBEDDING_CHECKS, ...OF_EVERY_FILE]
  if (kind === 'field') return [...FIELD_CHECKS, ...OF_EVERY_FILE]
  return [...shardChecks(versions), ...OF_EVERY_FILE]
}

const OF_EVERY_FILE: readonly AuditCheck[] = [
  {
    name: 'references_hold',
    claim: 'no row refers to one that is missing',
    sql: 'SELECT count(*) FROM pragma_foreign_key_check',
    isDeep: true,
  },
  {
    name: 'pages_are_sound',
    claim: 'SQLite finds every page and index in order',
    sql: "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    isDeep: true,
  },
]
