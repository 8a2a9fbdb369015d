/** `merge`: from shard files to a published field, or to a sentence why not. */
import { findDamage } from '../../../db/queries/find-damage.ts'
import { asFailure } from '../../../schemas/as-failure.ts'
import { type FailureCode, RffError } from '../../../schemas/failure.ts'
import type { SetAside } from '../../../schemas/manifest.ts'
import { passGather } from '../../passes/70-g-merge/gather/stage.ts'
import { measureRuns, type ShardTally, tallyShard } from '../../passes/80-health/stage.ts'
import type { Origin } from './manifest.ts'
import type { MergeOptions, MergePlace, MergeSettings } from './merge-place.ts'
import {
  beginRaising,
  type FieldSource,
  type MergeSummary,
  raiseField,
  readPublished,
} from './raise-field.ts'
import { readShardsInThreads } from './read-shards-in-threads.ts'

/**
 * Merges what the shards hold with the published field, judges the result and publishes it whole or not at all.
 *
 * The caller holds the lease `merge`. Shards may be written meanwhile: each is read in one snapshot. Killed at any
 * moment, `MERGED` names the old field or the new one, and the next call tidies up.
 *
 * @throws RffError gate_failed once health.md is written; shard_missing or shard_damaged where a shard is and
 *   `allowPartial` is not set; nothing_to_merge; interrupted; plan_mismatch; schema_newer; schema_older; usage for an
 *   unknown gate
 */
export async function mergeField(
  place: MergePlace,
  settings: MergeSettings,
  options: MergeOptions,
): Promise<MergeSummary> {
  const { allowPartial } = options
  const raise = (damaged: readonly SetAside[]) =>
    raiseField(place, settings, options, gathering(place, settings, allowPartial, damaged))
  // Once: a second try would find nothing left, and the summary would forget what the first one removed.
  const leftovers = beginRaising(place, settings, options)
  try {
    return { ...(await raise([])), leftovers }
  } catch (cause) {
    const damaged = damagedBehind(cause, place)
    if (damaged.length === 0) throw cause
    refuseSetAside(damaged, allowPartial, cause)
    return { ...(await raise(damaged)), leftovers }
  }
}

/** @param damaged files that are not read, beside those that cannot be opened */
function gathering(
  { shardFiles }: MergePlace,
  { threads = 1 }: MergeSettings,
  allowPartial: boolean,
  damaged: readonly SetAside[],
): FieldSource {
  const left = new Set(damaged.map(({ shard_no }) => shard_no))
  const shards = shardFiles.filter(({ shardNo }) => !left.has(shardNo))
  let tallies: readonly ShardTally[] | undefined
  return {
    firstStep: 'normalise',
    stagedFrom: null,
    prepare: () => undefined,
    async fill(db, base, { dir }, profiler): Promise<Origin> {
      const basePath = base?.files.database ?? null
      const reading = readShardsInThreads(shards, dir, threads, profiler)
      const inputs = {
        basePath,
        shards,
        ...(reading === undefined ? {} : { readShards: reading.readShards }),
      }
      const gathered = await passGather.apply(db, inputs)
      reading?.clear()
      tallies = reading?.tallies()
      const set_aside = [...gathered.setAside, ...damaged].sort((a, b) => a.shard_no - b.shard_no)
      refuseSetAside(set_aside, allowPartial)
      return { inputs: [...gathered.inputs], set_aside }
    },
    measureRuns({ inputs }) {
      const present = new Set(inputs.map(({ shard_no }) => shard_no))
      tallies ??= shards.filter(({ shardNo }) => present.has(shardNo)).map(({ path }) => tallyShard(path))
      return measureRuns(tallies)
    },
  }
}

/** What no broken page brings about: every shard would be read for nothing, and one that is not why could be left out. */
const NOT_OF_A_PAGE: readonly FailureCode[] = ['disk_full', 'lock_held', 'file_denied']

/**
 * The shards with broken pages, where these may be why a merge failed. SQLite names no file where several are attached, and
 * a broken page may give rows that cannot be, or the same ones twice; so every file is looked at once something failed.
 *
 * @throws RffError shard_damaged where it is another file of the merge that is broken
 */
function damagedBehind(cause: unknown, { shardFiles, corpusPath, ...place }: MergePlace): SetAside[] {
  // Ours name their file, all but the one that a broken page can bring about.
  if (cause instanceof RffError && cause.code !== 'plan_mismatch') return []
  if (NOT_OF_A_PAGE.includes(asFailure(cause).code)) return []
  const damaged = shardFiles.flatMap(({ shardNo, path }) => {
    const found = findDamage(path)
    if (found === null) return []
    return [{ shard_no: shardNo, code: 'shard_damaged', message: `${path}: ${found}` }]
  })
  if (damaged.length > 0) return damaged
  for (const path of [corpusPath, readPublished(place)?.files.database]) {
    const found = path === undefined ? null : findDamage(path)
    if (found !== null) throw new RffError('shard_damaged', `${path}: ${found}`, { cause })
  }
  return []
}

/** What a field may do without, when asked to; a file of another plan or version is never one of these. */
const FORGIVABLE = ['shard_missing', 'shard_damaged', 'disk_failed', 'file_denied']

/** @param cause what failed before these were looked for */
function refuseSetAside(setAside: readonly SetAside[], allowPartial: boolean, cause?: unknown): void {
  const grave = setAside.filter(({ code }) => !allowPartial || !FORGIVABLE.includes(code))
  if (grave.length === 0) return
  const told = grave.map(({ shard_no, message }) => `shard ${shard_no}: ${message}`).join('; ')
  throw new RffError(codeOf(grave.map(({ code }) => code)), told, { cause })
}

/** What to do about one kind of fault is not what to do about another; where they are mixed, the graver one is told. */
function codeOf(codes: readonly string[]): FailureCode {
  for (const code of ['shard_missing', 'schema_newer', 'schema_older', 'schema_behind'] as const) {
    if (codes.every((one) => one === code)) return code
  }
  return codes.every((code) => FORGIVABLE.includes(code)) ? 'shard_damaged' : 'plan_mismatch'
}
