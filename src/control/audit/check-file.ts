/** All checks of one file, on one snapshot of it. */
import { relative } from 'node:path'
import { type Db, openDb } from '../../../db/open.ts'
import type { AuditCheck } from '../../../db/queries/audit-check.ts'
import { auditChecks } from '../../../db/queries/audit-checks.ts'
import { countBrokenConstraints } from '../../../db/queries/broken-constraints.ts'
import {
  attachReadOnly,
  type Derivations,
  defineDerivations,
  runCheck,
} from '../../../db/queries/run-check.ts'
import type { FileKind } from '../../../db/schema-of.ts'
import { asFailure } from '../../../schemas/as-failure.ts'
import type { Config } from '../../../schemas/config.ts'
import { PASS_M_VERSION } from '../../passes/40-m-materialise/stage.ts'
import type { Workspace } from '../workspace.ts'
import { type CheckResult, told } from './check-result.ts'

export interface AuditOptions {
  readonly isDeep: boolean
  readonly derivations: Derivations
  /** Of today: what was judged or materialised under other ones may differ. */
  readonly config: Config
  /** Whether the last plan was finished. */
  readonly isPlanned: boolean
}

/** @param holder of the file's lease; null where nobody holds it. What a dead one left, the next run settles */
export function checkFile(
  workspace: Workspace,
  kind: FileKind,
  path: string,
  holder: string | null,
  options: AuditOptions,
  more: (db: Db, file: string) => readonly CheckResult[] = () => [],
): CheckResult[] {
  const file = relative(workspace.dir, path)
  const opened = { name: 'file_opens', claim: 'the file is there and is what it should be', file }
  let db: Db | undefined
  try {
    db = openDb(path, kind, { mode: 'read' })
    const checks = auditChecks(kind, { passM: PASS_M_VERSION }).filter(
      ({ isDeep }) => options.isDeep || isDeep !== true,
    )
    const attached = filesToAttach(workspace, checks)
    attachReadOnly(db, attached)
    defineDerivations(db, options.derivations)
    const open = db
    const all = db.transaction(() => [
      told(opened, 'opens', 'opens'),
      ...checks.map((check) => makeCheck(open, file, check, holder, attached, options)),
      ...more(open, file),
    ])
    const found = all()
    return options.isDeep ? [...found, checkConstraints(path, file)] : found
  } catch (cause) {
    const { code, message } = asFailure(cause)
    return [told(opened, `${code}: ${message}`, 'opens')]
  } finally {
    db?.close()
  }
}

function checkConstraints(path: string, file: string): CheckResult {
  const about = { name: 'constraints_hold', claim: 'every row keeps the CHECKs of its table', file }
  try {
    return told(about, countBrokenConstraints(path), 0)
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    return {
      ...told(about, 0, 0),
      passed: false,
      skipped: `it cannot be opened for writing: ${cause.message}`,
    }
  }
}

function filesToAttach(workspace: Workspace, checks: readonly AuditCheck[]): Record<string, string> {
  const paths = { control: workspace.control.name, corpus: workspace.corpusPath }
  const wanted = new Set(checks.flatMap(({ reads }) => reads ?? []))
  return Object.fromEntries([...wanted].map((schema) => [schema, paths[schema]]))
}

function makeCheck(
  db: Db,
  file: string,
  { name, claim, sql, reads, when }: AuditCheck,
  holder: string | null,
  attached: Readonly<Record<string, string>>,
  { isPlanned }: AuditOptions,
): CheckResult {
  const about = {
    name,
    claim,
    file,
    sql: sql.replace(/\s+/g, ' '),
    attached: Object.fromEntries((reads ?? []).map((schema) => [schema, attached[schema]!])),
    expected: 0,
  }
  const skipped = whySkipped(when, holder, isPlanned)
  if (skipped !== null) return { ...about, found: 0, passed: false, skipped }
  const found = runCheck(db, sql)
  return { ...about, found, passed: found === 0, skipped: null }
}

function whySkipped(when: AuditCheck['when'], holder: string | null, isPlanned: boolean): string | null {
  if (when === 'free' && holder !== null) return `${holder} holds it`
  if (when === 'planned' && !isPlanned) return 'the last plan is not finished'
  return null
}
