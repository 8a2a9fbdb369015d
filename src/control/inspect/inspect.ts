import { RffError } from '../../../schemas/failure.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { clusterDossierSchema, inspectionSchema } from '../../../schemas/output/inspect.ts'
import { describeConcept, describeEdge } from '../../field/describe-concept.ts'
import { nearest } from '../../language/nearest.ts'
import type { Workspace } from '../workspace.ts'
import { findAttempt, findCluster, type Search } from './find-cluster.ts'
import { inspectFact } from './inspect-fact.ts'
import { inspectRun, inspectShard } from './inspect-run.ts'
import { openSources, type Sources } from './open-sources.ts'

export type ClusterDossier = Inferred<typeof clusterDossierSchema>

export type Inspection = Inferred<typeof inspectionSchema>

/** @throws RffError not_found with what could be meant; field_missing for a concept before the first merge */
export function inspect(workspace: Workspace, id: string): Inspection {
  const sources = openSources(workspace)
  try {
    for (const look of looksFor(id)) {
      const found = look(sources)
      if (found !== undefined) return found
    }
    throw new RffError('not_found', `there is no ${id}${guess(sources, id)}`)
  } finally {
    sources.close()
  }
}

type Look = (sources: Sources) => Inspection | undefined

/** In the order in which they are tried: a fact may have any id, so its exact id comes before a number. */
function looksFor(id: string): Look[] {
  const named = /^(fact|run|shard|attempt):(.+)$/.exec(id)
  const fact: Look = (sources) => inspectFact(sources, id)
  if (id.startsWith('clu_')) return [(sources) => inspectCluster(sources, id), fact]
  if (id.startsWith('con_')) return [(sources) => inspectConcept(sources, id), fact]
  if (id.startsWith('edg_')) return [(sources) => inspectEdge(sources, id), fact]
  return [fact, ...(named === null ? bareLooks(id) : [prefixedLook(named[1]!, named[2]!)])]
}

function prefixedLook(prefix: string, name: string): Look {
  if (prefix === 'fact') return (sources) => inspectFact(sources, name)
  if (prefix === 'run') return ({ workspace }) => inspectRun(workspace, name)
  if (prefix === 'shard') return ({ workspace }) => inspectShard(workspace, Number(name))
  return ({ workspace }) => inspectAttempt(workspace, name)
}

function bareLooks(id: string): Look[] {
  const run: Look = ({ workspace }) => inspectRun(workspace, id)
  if (!/^\d+$/.test(id)) return [run]
  return [({ workspace }) => inspectAttempt(workspace, id), run]
}

function inspectCluster(sources: Sources, clusterId: string): ClusterDossier | undefined {
  const { workspace, corpus, field } = sources
  const found = expectReadable(findCluster(workspace, corpus, clusterId), clusterId)
  if (found === undefined) return undefined
  const conceptIds = (found.record?.deltas ?? []).map(
    ({ conceptId }) => field?.origins.canonicalOf(conceptId)?.conceptId ?? conceptId,
  )
  const concepts = [...new Set(conceptIds)].flatMap((conceptId) => {
    const concept = field?.reading.concept(conceptId)
    return concept === undefined ? [] : [{ conceptId, name: concept.name }]
  })
  return { kind: 'cluster', clusterId, ...found, concepts }
}

function inspectAttempt(workspace: Workspace, name: string): Inspection | undefined {
  const attemptId = Number(name)
  if (!Number.isSafeInteger(attemptId)) return undefined
  const found = expectReadable(findAttempt(workspace, attemptId), name)
  return found && { kind: 'attempt', ...found }
}

/** What is not found may stand in a shard that could not be read: that is another sentence. */
function expectReadable<T>({ found, unreadable }: Search<T>, id: string): T | undefined {
  const [first] = unreadable
  if (found !== undefined || first === undefined) return found
  throw new RffError(
    first.code,
    `${id} may be in shard ${first.shardNo}, which cannot be read: ${first.message}`,
  )
}

function inspectConcept(sources: Sources, conceptId: string): Inspection | undefined {
  const { field, fieldTag } = expectField(sources)
  const dossier = describeConcept(field, conceptId)
  if (dossier !== undefined) return { kind: 'concept', fieldTag, ...dossier }
  const canonical = field.origins.canonicalOf(conceptId)
  if (canonical === undefined) return undefined
  const united = describeConcept(field, canonical.conceptId)
  return united && { kind: 'concept', fieldTag, ...united }
}

function inspectEdge(sources: Sources, edgeId: string): Inspection | undefined {
  const { field, fieldTag } = expectField(sources)
  const dossier = describeEdge(field, edgeId)
  return dossier && { kind: 'edge', fieldTag, ...dossier }
}

function expectField({ workspace, field, fieldTag }: Sources) {
  if (field === null || fieldTag === null)
    throw new RffError('field_missing', `no field can be read in ${workspace.dir}`)
  return { field, fieldTag }
}

/** What was most likely meant, or where such ids come from. */
function guess({ corpus, field, fieldTag }: Sources, id: string): string {
  if (id.startsWith('con_')) {
    const [gone] = field?.origins.superseded(id) ?? []
    const was = gone === undefined ? '' : `; it was ${JSON.stringify(gone.name)}, and went: ${gone.reason}`
    return ` in field ${fieldTag}${was}`
  }
  if (id.startsWith('edg_')) return ` in field ${fieldTag}; edges of other fields are in their own files`
  if (id.startsWith('clu_')) return '; rff-shard inspect of one of its facts shows the clusters that it is in'
  if (id.startsWith('shard:')) return '; rff-shard status lists the shards'
  const likely = nearest(id.replace(/^fact:/, ''), corpus.neighbours(id.replace(/^fact:/, ''), 20))
  if (likely !== undefined) return `; did you mean ${likely}?`
  return ' among facts, attempts and runs; rff-shard status lists shards and the run'
}
