/** The way of a new field, whatever it is filled from: build, judge, make durable, publish. */
import type { Db } from '../../../db/open.ts'
import { openBuilding, settle } from '../../../db/queries/field-building.ts'
import { describeField } from '../../../db/queries/field-meta.ts'
import { fieldRegister } from '../../../db/queries/field-register.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { Health, RunHealth } from '../../../schemas/health.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { Manifest } from '../../../schemas/manifest.ts'
import type { mergeSummarySchema } from '../../../schemas/output/merge.ts'
import { makeFolder } from '../../../shards/durable-folder.ts'
import { refuseUnknown } from '../../passes/80-health/judge-gates.ts'
import { NO_PROFILER, type Profiler, startProfiler } from '../../profile/profiler.ts'
import { tagOf } from '../tag.ts'
import { writeProfile } from '../write-profile.ts'
import { type Announce, announcer } from './announcer.ts'
import { attachCorpus, type BuiltField, buildField, describeStages, type StageStep } from './build-field.ts'
import { clearLeftovers, discardField, type Leftover } from './clear-leftovers.ts'
import { type FieldFiles, filesOf, readManifest } from './field-files.ts'
import { blockingFailures, judgeField, storeHealth } from './judge-field.ts'
import { composeManifest, isSameField, type Origin } from './manifest.ts'
import type { MergeOptions, MergePlace, MergeSettings } from './merge-place.ts'
import { MERGED, readPointer } from './pointers.ts'
import { publish, registerVerdict, storeManifest } from './publish.ts'

export type MergeSummary = Inferred<typeof mergeSummarySchema>

/** The published field that a new one is measured against. */
export interface PublishedField {
  readonly fieldTag: string
  readonly files: FieldFiles
  readonly manifest: Manifest
}

/** Where a new field's raw rows come from. */
export interface FieldSource {
  readonly firstStep: StageStep
  readonly stagedFrom: Manifest['staged_from']
  /** Before the file is opened. */
  prepare(files: FieldFiles): void
  /** Fills the raw tables of the open file; a promise where threads take part. */
  fill(db: Db, base: PublishedField | null, files: FieldFiles, profiler: Profiler): Origin | Promise<Origin>
  /** @param origin what `fill` returned */
  measureRuns(origin: Origin): RunHealth
}

interface Build {
  readonly place: MergePlace
  readonly settings: MergeSettings
  readonly options: MergeOptions
  readonly source: FieldSource
  readonly base: PublishedField | null
  readonly fieldTag: string
  readonly files: FieldFiles
  readonly announce: Announce
  readonly profiler: Profiler
}

/**
 * Before the first field is raised: nothing is touched where a gate is unknown, and then tidied up behind a killed merge.
 *
 * @throws RffError usage, config_invalid
 */
export function beginRaising(
  place: MergePlace,
  { gates }: MergeSettings,
  { overrideGates }: Pick<MergeOptions, 'overrideGates'>,
): Leftover[] {
  refuseUnknown(overrideGates, 'usage')
  refuseUnknown(Object.keys(gates), 'config_invalid')
  return clearLeftovers(place)
}

/** @throws RffError gate_failed after the report is written; shard_damaged, nothing_to_merge, interrupted */
export async function raiseField(
  place: MergePlace,
  settings: MergeSettings,
  options: MergeOptions,
  source: FieldSource,
): Promise<Omit<MergeSummary, 'leftovers'>> {
  const base = readPublished(place)
  const fieldTag = beginField(place, base, options.now)
  const files = filesOf(place.fieldDir, fieldTag)
  const announce = announcer(options, fieldTag)
  const profiler = options.isProfiled === true ? startProfiler() : NO_PROFILER
  try {
    const build = { place, settings, options, source, base, fieldTag, files, announce, profiler }
    return await raise(build)
  } catch (cause) {
    // A blocked field is kept for people to look at, and a published one is published.
    if (isUnfinished(place, fieldTag)) discardField(place, fieldTag)
    throw cause
  }
}

export function readPublished(place: Pick<MergePlace, 'fieldDir' | 'currentDir'>): PublishedField | null {
  const fieldTag = readPointer(place.currentDir, MERGED)
  if (fieldTag === null) return null
  const files = filesOf(place.fieldDir, fieldTag)
  return { fieldTag, files, manifest: readManifest(files) }
}

/** Recorded before the first file is made, so that a killed merge is found by its record. */
function beginField({ control, fieldDir }: MergePlace, base: PublishedField | null, now: Date): string {
  const register = fieldRegister(control)
  const fieldTag = tagOf(now.getTime(), register.isTaken)
  register.begin({ fieldTag, baseTag: base?.fieldTag ?? null, nowMs: now.getTime() })
  makeFolder(filesOf(fieldDir, fieldTag).dir)
  return fieldTag
}

const isUnfinished = ({ control, currentDir }: MergePlace, fieldTag: string): boolean =>
  readPointer(currentDir, MERGED) !== fieldTag &&
  fieldRegister(control)
    .all()
    .some((row) => row.fieldTag === fieldTag && row.state === 'building')

async function raise(build: Build): Promise<Omit<MergeSummary, 'leftovers'>> {
  const { place, base, options, announce, profiler } = build
  const { manifest, health } = await draft(build)
  if (base !== null && isSameField(base.manifest, manifest)) {
    discardField(place, manifest.field_tag)
    const profile = profiler.end()
    return { outcome: 'unchanged', fieldTag: base.fieldTag, manifest: base.manifest, health: null, profile }
  }
  const profile = profiler.end()
  if (profile !== null) writeProfile(build.files.dir, profile)
  storeHealth(build.files, health)
  if (manifest.verdict === 'blocked') {
    storeManifest(place, manifest)
    registerVerdict(place, manifest.field_tag)
    throw gateFailed(build.files, health, options.overrideGates)
  }
  await publish(place, manifest, announce)
  return { outcome: 'published', fieldTag: manifest.field_tag, manifest, health, profile }
}

function gateFailed(files: FieldFiles, health: Health, overridden: readonly string[]): RffError {
  const failures = blockingFailures(health).filter(({ name }) => !overridden.includes(name))
  const told = failures.map(
    ({ name, observed_millionths, bound, limit_millionths }) =>
      `${name} is ${observed_millionths} millionths, expected ${bound.replace('_', ' ')} ${limit_millionths}`,
  )
  return new RffError('gate_failed', `${told.join('; ')}; not published, see ${files.healthPage}`)
}

/** Everything but the decision's deeds: the file is filled, measured and closed. */
async function draft(build: Build): Promise<{ manifest: Manifest; health: Health }> {
  const { place, settings, options, source, base, fieldTag, files, announce, profiler } = build
  await announce('gather')
  source.prepare(files)
  const db = openBuilding(files.database)
  try {
    profiler.watch(db)
    attachCorpus(db, place.corpusPath)
    const origin = await profiler.span('gather', async () => source.fill(db, base, files, profiler))
    const built = await buildField(db, settings.passes, source.firstStep, announce, profiler)
    refuseNothing(built, base)
    await announce('health')
    const run = profiler.time('health of the runs', () => source.measureRuns(origin))
    const pastKeepRates = fieldRegister(place.control).keepRates(5)
    const judged = { fieldTag, base, run, pastKeepRates }
    const health = profiler.time('health of the field', () => judgeField(db, judged, settings.gates))
    options.onGates?.(health.gates)
    describeField(db, {
      field_tag: fieldTag,
      field_digest: built.fieldDigest,
      base_tag: base?.fieldTag ?? '',
    })
    const manifest = composeManifest({
      fieldTag,
      base: base?.manifest ?? null,
      origin,
      stagedFrom: source.stagedFrom,
      built,
      stages: describeStages(settings.passes),
      gates: health.gates,
      blockedBy: blockingFailures(health).map(({ name }) => name),
      overrideGates: options.overrideGates,
      programVersion: settings.programVersion,
      createdAt: options.now.toISOString(),
    })
    return { manifest, health }
  } finally {
    settle(db)
  }
}

function refuseNothing({ counts }: BuiltField, base: PublishedField | null): void {
  if (counts.raw_concepts > 0 || base !== null) return
  throw new RffError('nothing_to_merge', 'no shard holds a structured cluster, and there is no field yet')
}
