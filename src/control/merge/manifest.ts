import { isDeepStrictEqual } from 'node:util'
import type { GateVerdict } from '../../../schemas/gate.ts'
import { type FieldCounts, type Manifest, manifestSchema } from '../../../schemas/manifest.ts'
import type { BuiltField } from './build-field.ts'
import { CONVENIENCES, MERGED } from './pointers.ts'

/** What a field was filled from. */
export type Origin = Readonly<Pick<Manifest, 'inputs' | 'set_aside'>>

interface ManifestParts {
  readonly fieldTag: string
  readonly base: Manifest | null
  readonly origin: Origin
  readonly stagedFrom: Manifest['staged_from']
  readonly built: BuiltField
  readonly stages: Manifest['stages']
  readonly gates: readonly GateVerdict[]
  /** Blocking gates that failed. */
  readonly blockedBy: readonly string[]
  readonly overrideGates: readonly string[]
  readonly programVersion: string
  readonly createdAt: string
}

export function composeManifest(parts: ManifestParts): Manifest {
  const { base, origin, built, blockedBy, overrideGates } = parts
  // Settings go through JSON, so that the manifest that is read back is equal to the one that was written.
  return manifestSchema.parse(
    JSON.parse(
      JSON.stringify({
        format: 1,
        program_version: parts.programVersion,
        created_at: parts.createdAt,
        field_tag: parts.fieldTag,
        verdict: blockedBy.every((name) => overrideGates.includes(name)) ? 'published' : 'blocked',
        base: base === null ? null : { field_tag: base.field_tag, field_digest: base.field_digest },
        staged_from: parts.stagedFrom,
        inputs: origin.inputs,
        set_aside: origin.set_aside,
        stages: parts.stages,
        counts: built.counts,
        deltas: base === null ? null : differences(built.counts, base.counts),
        gates: parts.gates,
        overrides: blockedBy.filter((name) => overrideGates.includes(name)),
        complete: isComplete(origin),
        field_digest: built.fieldDigest,
        pointers: [MERGED, ...CONVENIENCES],
      }),
    ),
  )
}

const isComplete = ({ inputs, set_aside }: Origin): boolean =>
  set_aside.length === 0 && inputs.every(({ todo, unmaterialised }) => todo === 0 && unmaterialised === 0)

const differences = (now: FieldCounts, before: FieldCounts): Record<string, number> =>
  Object.fromEntries(
    (Object.keys(now) as (keyof FieldCounts)[]).map((table) => [table, now[table] - before[table]]),
  )

/** Whether publishing would change nothing but the tag: the same rows by the same means from the same inputs. */
export const isSameField = (published: Manifest, drafted: Manifest): boolean =>
  SAMENESS.every((part) => isDeepStrictEqual(published[part], drafted[part]))

const SAMENESS = ['field_digest', 'inputs', 'set_aside', 'stages', 'complete'] as const
