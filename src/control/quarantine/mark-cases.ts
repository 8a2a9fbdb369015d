/** What a person says of cases that stay in quarantine: the gap is taken, or somebody has to look. */
import { type Marking, quarantineQueries } from '../../../db/queries/quarantine.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { Workspace } from '../workspace.ts'
import { type ChangedCases, changeCases } from './change-cases.ts'
import type { CaseFilter } from './list-cases.ts'

/**
 * @param note what is to be remembered about it; may be empty
 * @throws RffError not_found where a cluster that was named is no case; usage where the note is too long
 */
export function markCases(
  workspace: Workspace,
  filter: CaseFilter,
  marking: { readonly state: Marking; readonly note: string },
  nowMs: number,
): ChangedCases {
  const note = expectNote(marking.note)
  return changeCases(workspace, filter, nowMs, (db) => {
    const cases = quarantineQueries(db)
    return (clusterId) => cases.mark(clusterId, marking.state, note)
  })
}

const MOST_NOTE_CHARS = 2_000

/** @throws RffError usage */
export function expectNote(note: string): string {
  if (note.length <= MOST_NOTE_CHARS) return note
  throw new RffError('usage', `the note has ${note.length} characters, expected at most ${MOST_NOTE_CHARS}`)
}
