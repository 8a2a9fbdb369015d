/** What the search index of a field is made from, and where it lies: `search/<field_tag>.sqlite` of the workspace, vectors beside it. */
import { join } from 'node:path'
import { runQueries } from '../../../db/queries/runs.ts'
import type { IndexOrder } from '../../field/search/build-index.ts'
import type { VectorFiles } from '../../field/search/open-vectors.ts'
import { readManifest } from '../merge/field-files.ts'
import { fieldNamed } from '../status/field-named.ts'
import { shardsOf, splitVisited, visitShards } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'

/**
 * @param fieldTag null for the published field
 * @throws RffError field_missing
 */
export function indexOrderOf(
  workspace: Workspace,
  fieldTag: string | null,
): { readonly fieldTag: string; readonly order: IndexOrder & VectorFiles } {
  const named = fieldNamed(workspace, fieldTag)
  const readable = splitVisited(
    visitShards(workspace, (_, { shardNo }) => shardNo, shardsOf(workspace)),
  ).values
  return {
    fieldTag: named.fieldTag,
    order: {
      indexPath: join(workspace.dir, 'search', `${named.fieldTag}.sqlite`),
      vectorsPath: join(workspace.dir, 'search', `${named.fieldTag}.vectors.sqlite`),
      embeddingsPath: workspace.embeddingsPath,
      fieldPath: named.files.database,
      corpusPath: workspace.corpusPath,
      fieldDigest: readManifest(named.files).field_digest,
      shardPaths: readable.map((shardNo) => workspace.shardPath(shardNo)),
      runs: runQueries(workspace.control)
        .all()
        .map(({ runId, runTag }) => ({ runId, runTag })),
    },
  }
}
