import { writeFileSync } from 'node:fs'
import { type Db, openDb } from '../../../db/open.ts'
import { countExplainedLosses } from '../../../db/queries/field-losses.ts'
import { countSuperseded } from '../../../db/queries/field-meta.ts'
import { attach, detach } from '../../../db/queries/field-raw.ts'
import type { GateVerdict } from '../../../schemas/gate.ts'
import type { AgainstBase, FieldMetrics, Health, RunHealth } from '../../../schemas/health.ts'
import { compareFields } from '../../passes/80-health/compare-fields.ts'
import { judgeGates } from '../../passes/80-health/judge-gates.ts'
import { measureField } from '../../passes/80-health/stage.ts'
import { writeHealthPage } from '../../passes/80-health/write-page.ts'
import { asJsonText, type FieldFiles, readHealth } from './field-files.ts'
import type { MergeSettings } from './merge-place.ts'
import { syncFile } from './write-durably.ts'

export interface BaseField {
  readonly fieldTag: string
  readonly files: FieldFiles
}

export interface Judged {
  readonly fieldTag: string
  readonly base: BaseField | null
  readonly run: RunHealth
  /** Of the fields before, newest first. */
  readonly pastKeepRates: readonly number[]
}

/** Measures a field that is still open, and says what the gates make of it. */
export function judgeField(
  db: Db,
  { fieldTag, base, run, pastKeepRates }: Judged,
  gates: MergeSettings['gates'],
): Health {
  const field = measureField(db)
  const measured = {
    format: 1 as const,
    field_tag: fieldTag,
    run,
    field,
    against_base: base === null ? null : compareWithBase(db, base, field),
    past_keep_rates_millionths: [...pastKeepRates],
  }
  return { ...measured, gates: judgeGates(measured, gates) }
}

function compareWithBase(db: Db, { fieldTag, files }: BaseField, now: FieldMetrics): AgainstBase {
  attach(db, files.database, 'base')
  const explained = countExplainedLosses(db)
  detach(db, 'base')
  const superseded = countSuperseded(db)
  return compareFields({ baseTag: fieldTag, base: measureBase(files), now, superseded, explained })
}

/** As it was measured then; measured again where a version before this one wrote it otherwise. */
function measureBase(files: FieldFiles): FieldMetrics {
  try {
    return readHealth(files).field
  } catch {
    // Whatever is wrong with the report, the field itself can be asked.
    const db = openDb(files.database, 'field', { mode: 'read' })
    try {
      return measureField(db)
    } finally {
      db.close()
    }
  }
}

export function storeHealth(files: FieldFiles, health: Health): void {
  const texts = [
    [files.health, asJsonText(health)],
    [files.healthPage, writeHealthPage(health)],
  ] as const
  for (const [path, text] of texts) {
    writeFileSync(path, text)
    syncFile(path)
  }
}

/** Gates that keep the field from being published, were they not overridden. */
export const blockingFailures = ({ gates }: Health): GateVerdict[] =>
  gates.filter(({ passed, severity }) => !passed && severity === 'block')
