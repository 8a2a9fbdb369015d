import { fieldNamed } from '../control/status/field-named.ts'
import { openWorkspace } from '../control/workspace.ts'
import { type ConceptDossier, describeConcept } from '../field/describe-concept.ts'
import { type ExportedRows, exportedRows } from '../field/export/exported-rows.ts'
import { openField as openFieldFile } from '../field/open-field.ts'

/** A published field, for reading. It does not change any more, so it may stay open as long as you like. */
export interface PublishedField extends ExportedRows {
  readonly fieldTag: string
  /** All that is known of a concept, with its evidence; undefined where there is none of that id. */
  concept(conceptId: string): ConceptDossier | undefined
  /** Rows of the field, by kind. */
  counts(): Readonly<Record<string, number>>
  close(): void
}

/**
 * @param fieldTag the published one if not given
 * @throws RffError workspace_missing, field_missing
 */
export function openField({
  workspace: dir,
  fieldTag,
}: {
  workspace: string
  fieldTag?: string
}): PublishedField {
  const workspace = openWorkspace(dir, 'use')
  try {
    const named = fieldNamed(workspace, fieldTag ?? null)
    const field = openFieldFile(named.files.database, workspace.corpusPath)
    return {
      fieldTag: named.fieldTag,
      ...exportedRows(field),
      concept: (conceptId) => describeConcept(field, conceptId),
      counts: field.reading.counts,
      close: field.close,
    }
  } finally {
    workspace.close()
  }
}
