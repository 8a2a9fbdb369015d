/** The second part of PassG: filling the tables that are published. The first stands in `gather/`. */
import type { Db } from '../../../db/open.ts'
import { withoutIndexes } from '../../../db/queries/field-building.ts'
import { conceptQueries, fillWords } from '../../../db/queries/field-concepts.ts'
import { dumpTables } from '../../../db/queries/field-dump.ts'
import { fillEdges } from '../../../db/queries/field-edges.ts'
import { beginUnion, fillFactEdges, fillMembers } from '../../../db/queries/field-members.ts'
import { emptyPublished } from '../../../db/queries/field-meta.ts'
import { PUBLISHED_TABLES } from '../../../db/queries/field-tables.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { RawConcept } from '../../../schemas/field-concept.ts'
import { edgeIdOf } from '../../../schemas/ids.ts'
import { MEMBER_ROLES } from '../../../schemas/structure.ts'
import type { SetStage } from '../stage.ts'
import { digestBlocks } from './digest-blocks.ts'
import { uniteConcept } from './unite-concept.ts'

const CONCEPTS_PER_PAGE = 2_000

export interface MergeSettings {
  /** Schema under which corpus.sqlite is attached. */
  readonly corpusSchema: string
}

/** The raw tables, through the names of PassM' and the kept links of PassX_link, into what is published. */
export const passG: SetStage<MergeSettings, void> = {
  name: 'pass-g',
  version: 1,
  apply: (db, { corpusSchema }) =>
    db.transaction(() => {
      emptyPublished(db)
      const unmapped = beginUnion(db)
      if (unmapped > 0) throw new RffError('internal', `${unmapped} raw concepts have no canonical concept`)
      withoutIndexes(db, ['members', 'edges'], () => {
        fillMembers(db, MEMBER_ROLES, corpusSchema)
        fillFactEdges(db)
        fillEdges(db, edgeIdOf)
      })
      withoutIndexes(db, ['aliases'], () => fillConcepts(db))
      fillWords(db)
    })(),
}

function fillConcepts(db: Db): void {
  const queries = conceptQueries(db)
  let page = queries.pageAfter('', CONCEPTS_PER_PAGE)
  while (page.rows.length > 0) {
    for (const rows of groupByConcept(page.rows)) queries.put(uniteConcept(rows), page)
    page = queries.pageAfter(page.rows.at(-1)!.conceptId, CONCEPTS_PER_PAGE)
  }
}

/** @param rows ordered by concept */
function* groupByConcept(rows: readonly RawConcept[]): Generator<RawConcept[]> {
  let start = 0
  for (let end = 1; end <= rows.length; end++) {
    if (rows[end]?.conceptId === rows[start]!.conceptId) continue
    yield rows.slice(start, end)
    start = end
  }
}

/** SHA-256 over what is published; see docs/decisions/0051-field-digest.md. */
export const digestField = (db: Db): string => digestBlocks(dumpTables(db, 'main', PUBLISHED_TABLES))
