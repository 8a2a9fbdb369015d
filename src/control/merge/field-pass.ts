import type { Db } from '../../../db/open.ts'
import type { SetStage } from '../../passes/stage.ts'
import type { Profiler } from '../../profile/profiler.ts'

/** A pass over a whole field with its settings, as a merge runs it and its manifest names it. */
export interface FieldPass {
  readonly name: string
  readonly version: number
  /** Plain data: it is written into the manifest. */
  readonly settings: unknown
  /** A promise where threads take part; what they measure of themselves goes to the profiler. */
  apply(db: Db, profiler: Profiler): unknown
}

/** What runs between gathering and filling the field, in this order. The corpus is attached as `corpus`. */
export interface FieldPasses {
  readonly normalise: FieldPass
  readonly link: FieldPass
  readonly score: FieldPass
}

export const bindPass = <Settings, Summary>(
  stage: SetStage<Settings, Summary>,
  settings: Settings,
): FieldPass => ({
  name: stage.name,
  version: stage.version,
  settings,
  apply: (db) => stage.apply(db, settings),
})
