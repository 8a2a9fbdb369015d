/** A field with its search index, which is made where there is none: once for a field, minutes for millions of facts. */
import { RffError } from '../../../schemas/failure.ts'
import { buildIndex } from '../../field/search/build-index.ts'
import { openSearch, type SearchableField } from '../../field/search/open-search.ts'
import type { Workspace } from '../workspace.ts'
import { indexOrderOf } from './index-order.ts'

/**
 * @param fieldTag null for the published field
 * @param say gets what is being done, for people who wait
 * @throws RffError field_missing
 */
export function openIndexed(
  workspace: Workspace,
  fieldTag: string | null,
  say: (what: string) => void,
): SearchableField {
  const named = indexOrderOf(workspace, fieldTag)
  const known = openSearch(named.order, named.fieldTag)
  if (known !== null) return known
  say(`making the search index of field ${named.fieldTag}; this happens once`)
  buildIndex(named.order, (what) => say(`  ${what}`))
  const made = openSearch(named.order, named.fieldTag)
  if (made === null) throw new RffError('internal', `the index ${named.order.indexPath} is not what was made`)
  return made
}
