import { existsSync } from 'node:fs'
import type { Db } from '../../../db/open.ts'
import { countField } from '../../../db/queries/field-meta.ts'
import { attach } from '../../../db/queries/field-raw.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { FieldCounts, Manifest } from '../../../schemas/manifest.ts'
import { passGather } from '../../passes/70-g-merge/gather/stage.ts'
import { digestField, passG } from '../../passes/70-g-merge/stage.ts'
import type { Profiler } from '../../profile/profiler.ts'
import type { Announce } from './announcer.ts'
import { bindPass, type FieldPass, type FieldPasses } from './field-pass.ts'

export const CORPUS_SCHEMA = 'corpus'

const PASS_G = bindPass(passG, { corpusSchema: CORPUS_SCHEMA })

/** What it reads is not a setting: the manifest lists it as inputs. */
const GATHER = { name: passGather.name, version: passGather.version, settings: null }

/** The passes that a field goes through after its deltas were gathered, in this order. */
export const STAGE_STEPS = ['normalise', 'link', 'score', 'merge'] as const
export type StageStep = (typeof STAGE_STEPS)[number]

export interface BuiltField {
  readonly counts: FieldCounts
  readonly fieldDigest: string
}

/** The passes' reading of facts; it stays attached until the file is closed. */
export function attachCorpus(db: Db, corpusPath: string): void {
  // Attaching a file that is not there would make it.
  if (!existsSync(corpusPath)) throw new RffError('input_not_found', `there is no corpus at ${corpusPath}`)
  attach(db, corpusPath, CORPUS_SCHEMA)
}

/** Runs the given step and those after it on gathered deltas, and takes the digest of what comes out. */
export async function buildField(
  db: Db,
  passes: FieldPasses,
  from: StageStep,
  announce: Announce,
  profiler: Profiler,
): Promise<BuiltField> {
  for (const step of STAGE_STEPS.slice(STAGE_STEPS.indexOf(from))) {
    await announce(step)
    await profiler.span(step, async () => passOf(passes, step).apply(db, profiler))
  }
  await announce('digest')
  return profiler.time('digest', () => ({ counts: countField(db), fieldDigest: digestField(db) }))
}

const passOf = (passes: FieldPasses, step: StageStep): FieldPass => (step === 'merge' ? PASS_G : passes[step])

/** As the manifest names them. */
export const describeStages = (passes: FieldPasses): Manifest['stages'] =>
  [GATHER, ...STAGE_STEPS.map((step) => passOf(passes, step))].map(({ name, version, settings }) => ({
    name,
    version,
    settings: settings as Manifest['stages'][number]['settings'],
  }))
