/** `merge`: from shard files to a published field, or to a sentence why not. */
import { RffError } from '../../../schemas/failure.ts'
import type { SetAside } from '../../../schemas/manifest.ts'
import { passGather } from '../../passes/70-g-merge/stage.ts'
import { measureRuns } from '../../passes/80-health/stage.ts'
import type { Origin } from './manifest.ts'
import type { MergeOptions, MergePlace, MergeSettings } from './merge-place.ts'
import { type FieldSource, type MergeSummary, raiseField } from './raise-field.ts'

/**
 * Merges what the shards hold with the published field, judges the result and publishes it whole or not at all.
 *
 * The caller holds the lease `merge`. Shards may be written meanwhile: each is read in one snapshot. Killed at any
 * moment, `MERGED` names the old field or the new one, and the next call tidies up.
 *
 * @throws RffError gate_failed once health.md is written; shard_damaged where a shard is missing or damaged and
 *   `allowPartial` is not set; nothing_to_merge; interrupted; plan_mismatch; schema_newer; usage for an unknown gate
 */
export function mergeField(
  place: MergePlace,
  settings: MergeSettings,
  options: MergeOptions,
): Promise<MergeSummary> {
  return raiseField(place, settings, options, gathering(place, options.allowPartial))
}

const gathering = ({ shardFiles }: MergePlace, allowPartial: boolean): FieldSource => ({
  firstStep: 'normalise',
  stagedFrom: null,
  prepare: () => undefined,
  fill(db, base): Origin {
    const gathered = passGather.apply(db, { basePath: base?.files.database ?? null, shards: shardFiles })
    const setAside = [...gathered.setAside]
    refuseSetAside(setAside, allowPartial)
    return { inputs: [...gathered.inputs], set_aside: setAside }
  },
  measureRuns({ inputs }) {
    const present = new Set(inputs.map(({ shard_no }) => shard_no))
    return measureRuns(shardFiles.filter(({ shardNo }) => present.has(shardNo)).map(({ path }) => path))
  },
})

/** What a field may do without, when asked to; a file of another plan or version is never one of these. */
const FORGIVABLE = ['input_not_found', 'shard_damaged', 'disk_failed', 'file_denied']

function refuseSetAside(setAside: readonly SetAside[], allowPartial: boolean): void {
  const grave = setAside.filter(({ code }) => !allowPartial || !FORGIVABLE.includes(code))
  if (grave.length === 0) return
  const told = grave.map(({ shard_no, message }) => `shard ${shard_no}: ${message}`).join('; ')
  throw new RffError(codeOf(grave.map(({ code }) => code)), told)
}

/** What to do about a newer file is not what to do about a foreign one. */
function codeOf(codes: readonly string[]): 'shard_damaged' | 'schema_newer' | 'plan_mismatch' {
  if (codes.every((code) => FORGIVABLE.includes(code))) return 'shard_damaged'
  return codes.every((code) => code === 'schema_newer') ? 'schema_newer' : 'plan_mismatch'
}
