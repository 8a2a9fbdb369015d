/** `stage NAME --from TAG`: one pass and all after it again, on a copy of a field, with other settings. */
import { constants, copyFileSync, existsSync } from 'node:fs'
import { noteMissing } from '../../../db/queries/field-raw.ts'
import { RffError } from '../../../schemas/failure.ts'
import { fieldTagSchema } from '../../../schemas/manifest.ts'
import type { StageStep } from './build-field.ts'
import { filesOf, readHealth, readManifest } from './field-files.ts'
import type { MergeOptions, MergePlace, MergeSettings } from './merge-place.ts'
import { beginRaising, type MergeSummary, raiseField } from './raise-field.ts'

/**
 * The copy is judged against the published field and takes its place under a new tag. What the published field has
 * and an older copy has not is listed as superseded, and the gates see it as a loss.
 *
 * @throws RffError usage or field_missing where there is no such field, and what mergeField throws
 */
export async function stageAgain(
  step: StageStep,
  fromTag: string,
  place: MergePlace,
  settings: MergeSettings,
  options: Omit<MergeOptions, 'allowPartial'>,
): Promise<MergeSummary> {
  // A tag becomes part of a path, so nothing but a tag may pass.
  if (!fieldTagSchema.safeParse(fromTag).success)
    throw new RffError('usage', `${fromTag} is not the tag of a field`)
  const from = filesOf(place.fieldDir, fromTag)
  if (!existsSync(from.database)) throw new RffError('field_missing', `there is no field ${fromTag}`)
  const { inputs, set_aside } = readManifest(from)
  const { run } = readHealth(from)
  const leftovers = beginRaising(place, settings, options)
  const raised = await raiseField(
    place,
    settings,
    { ...options, allowPartial: true },
    {
      firstStep: step,
      stagedFrom: { field_tag: fromTag, stage: step },
      // The copy shares its blocks with the original where the file system can.
      prepare: ({ database }) => copyFileSync(from.database, database, constants.COPYFILE_FICLONE),
      fill(db, base) {
        noteMissing(db, base?.files.database ?? null, `not in ${fromTag}`)
        return { inputs, set_aside }
      },
      measureRuns: () => run,
    },
  )
  return { ...raised, leftovers }
}
