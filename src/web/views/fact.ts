/** A fact down to the line that it was read from, and up to what was made of it. */
import { RffError } from '../../../schemas/failure.ts'
import type { FactPage } from '../../../schemas/page/field.ts'
import { inspectFact } from '../../control/inspect/inspect-fact.ts'
import { openSources } from '../../control/inspect/open-sources.ts'
import type { Workspace } from '../../control/workspace.ts'

const SHOWN_MOST = 100

/** @throws RffError not_found */
export function factView(workspace: Workspace, factId: string): FactPage {
  const sources = openSources(workspace)
  try {
    const fact = inspectFact(sources, factId)
    if (fact === undefined) throw new RffError('not_found', `there is no fact ${factId}`)
    const { text, source, domain, dupGroupId, state, input, lineNumber, byteOffset, role } = fact
    return {
      ...{ factId, text, source, domain, dupGroupId, state, input, lineNumber, byteOffset, role },
      group: fact.group
        .slice(0, SHOWN_MOST)
        .map(({ factId: id, text: said }) => ({ factId: id, text: said })),
      clusters: fact.clusters.map(({ clusterId, standing, shardNo, standsAt }) => ({
        clusterId,
        standing,
        shardNo,
        standsAt,
      })),
      concepts: fact.concepts.map(({ conceptId, name, role: as }) => ({ conceptId, name, role: as })),
      supports: fact.supports.slice(0, SHOWN_MOST).map(({ edgeId, srcName, relType, dstName }) => ({
        edgeId,
        srcName,
        relType,
        dstName,
      })),
    }
  } finally {
    sources.close()
  }
}
