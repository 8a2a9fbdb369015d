import type { Db } from '../../../db/open.ts'
import type { GateSettings, GateVerdict } from '../../../schemas/gate.ts'
import type { ShardFile } from '../../passes/70-g-merge/gather/stage.ts'
import type { FieldPasses } from './field-pass.ts'

/** What a merge needs of a workspace. The caller holds the lease of the scope `merge`. */
export interface MergePlace {
  readonly control: Db
  readonly corpusPath: string
  readonly fieldDir: string
  readonly currentDir: string
  /** In any order. */
  readonly shardFiles: readonly ShardFile[]
}

export interface MergeSettings {
  readonly passes: FieldPasses
  readonly gates: GateSettings
  /** That may read beside the one that writes; one where it is not given. */
  readonly threads?: number
  readonly programVersion: string
}

/** The steps of a merge in their order; each is announced before it begins. */
export const MERGE_STEPS = [
  'gather',
  'normalise',
  'link',
  'score',
  'merge',
  'digest',
  'health',
  'manifest',
  'swap',
  'pointers',
  'register',
] as const
export type MergeStep = (typeof MERGE_STEPS)[number]

export interface MergeOptions {
  /** Blocking gates that may fail this time. */
  readonly overrideGates: readonly string[]
  /** Goes on without missing or damaged shards. */
  readonly allowPartial: boolean
  /** Names the field; no result depends on it. */
  readonly now: Date
  readonly onProgress?: (step: MergeStep, fieldTag: string) => void
  /** What each gate made of the field, before it is known whether it is published. */
  readonly onGates?: (gates: readonly GateVerdict[]) => void
  readonly signal?: AbortSignal
  /** Measure where the time goes, and leave it in profile.json beside the field. */
  readonly isProfiled?: boolean
}
