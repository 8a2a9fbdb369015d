/** The files that an inspection looks into, each opened when it is first needed and closed together. */
import { existsSync } from 'node:fs'
import { type Db, openDb } from '../../../db/open.ts'
import { factProvenance } from '../../../db/queries/fact-provenance.ts'
import { RffError } from '../../../schemas/failure.ts'
import { type Field, openField } from '../../field/open-field.ts'
import { MERGED, readPointer } from '../merge/pointers.ts'
import { fieldNamed } from '../status/field-named.ts'
import type { Workspace } from '../workspace.ts'

export interface Sources {
  readonly workspace: Workspace
  readonly corpus: ReturnType<typeof factProvenance>
  /** The published field; null where there is none yet, or where it cannot be read. */
  readonly field: Field | null
  readonly fieldTag: string | null
  close(): void
}

/** @throws RffError workspace_missing where nothing was planned */
export function openSources(workspace: Workspace): Sources {
  if (!existsSync(workspace.corpusPath))
    throw new RffError('workspace_missing', `nothing is planned in ${workspace.dir}`)
  const corpus = openDb(workspace.corpusPath, 'corpus', { mode: 'read' })
  const field = openPublished(workspace)
  return {
    workspace,
    corpus: factProvenance(corpus),
    field: field?.field ?? null,
    fieldTag: field?.fieldTag ?? null,
    close() {
      closeAll(corpus, field?.field ?? null)
    },
  }
}

/** A field that is broken hides nothing of the work: audit and health tell what is wrong with it. */
function openPublished(workspace: Workspace): { field: Field; fieldTag: string } | null {
  try {
    if (readPointer(workspace.currentDir, MERGED) === null) return null
    const { fieldTag, files } = fieldNamed(workspace, null)
    return { fieldTag, field: openField(files.database, workspace.corpusPath) }
  } catch (cause) {
    if (cause instanceof RffError) return null
    throw cause
  }
}

function closeAll(corpus: Db, field: Field | null): void {
  field?.close()
  corpus.close()
}
