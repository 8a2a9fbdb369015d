/** What SQL cannot tell of the published field: whether the pointer, the manifest and the file agree. */
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Db } from '../../../db/open.ts'
import { countField, fieldFacts } from '../../../db/queries/field-meta.ts'
import { fieldRegister } from '../../../db/queries/field-register.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { Manifest } from '../../../schemas/manifest.ts'
import { digestField } from '../../passes/70-g-merge/stage.ts'
import { filesOf, readManifest } from '../merge/field-files.ts'
import { MERGED, readPointer } from '../merge/pointers.ts'
import type { Workspace } from '../workspace.ts'
import { type AuditOptions, checkFile } from './check-file.ts'
import { checkRawRows } from './check-raw-rows.ts'
import { type CheckResult, told } from './check-result.ts'

/** Nothing where no field was published yet. */
export function checkCurrentField(workspace: Workspace, options: AuditOptions): CheckResult[] {
  const pointer = join(workspace.currentDir, MERGED)
  if (!existsSync(pointer)) return []
  const about = {
    name: 'pointer_names_a_whole_field',
    claim: 'MERGED names a published field with its manifest',
    file: relative(workspace.dir, pointer),
  }
  try {
    const fieldTag = readPointer(workspace.currentDir, MERGED)!
    const files = filesOf(workspace.fieldDir, fieldTag)
    const manifest = readManifest(files)
    return [
      told(about, `${manifest.verdict} ${manifest.field_tag}`, `published ${fieldTag}`),
      ...checkFile(workspace, 'field', files.database, null, options, (db, file) =>
        checkAgainstManifest(workspace, db, file, manifest, options),
      ),
      ...(options.isDeep && existsSync(files.database)
        ? checkRawRows(workspace, files.database, manifest)
        : []),
    ]
  } catch (cause) {
    if (!(cause instanceof RffError)) throw cause
    return [told(about, `${cause.code}: ${cause.message}`, 'published')]
  }
}

function checkAgainstManifest(
  workspace: Workspace,
  db: Db,
  file: string,
  manifest: Manifest,
  { isDeep }: AuditOptions,
): CheckResult[] {
  const registered = fieldRegister(workspace.control)
    .all()
    .find(({ fieldTag }) => fieldTag === manifest.field_tag)
  const checks = [
    told(
      { name: 'manifest_counts_the_rows', claim: 'the file has as many rows as its manifest says', file },
      JSON.stringify(sorted(countField(db))),
      JSON.stringify(sorted(manifest.counts)),
    ),
  ]
  // A merge that was killed between its swap and its entry in the control file is complete all the same.
  if (registered?.state === 'published')
    checks.push(
      told(
        { name: 'control_knows_the_digest', claim: 'the control file has the digest of the manifest', file },
        registered.fieldDigest ?? 'none',
        manifest.field_digest,
      ),
    )
  if (isDeep)
    checks.push(
      told(
        { name: 'field_says_which_it_is', claim: 'the file says of itself what its manifest says', file },
        JSON.stringify(sorted(fieldFacts(db))),
        JSON.stringify(
          sorted({
            base_tag: manifest.base?.field_tag ?? '',
            field_digest: manifest.field_digest,
            field_tag: manifest.field_tag,
          }),
        ),
      ),
      told(
        { name: 'digest_is_the_files', claim: 'the digest of the manifest is that of the rows', file },
        digestField(db),
        manifest.field_digest,
      ),
    )
  return checks
}

const sorted = <T>(counts: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))
