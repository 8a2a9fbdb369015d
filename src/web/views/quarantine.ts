/** The quarantine to read: groups of alike cases, the cases of one, a case with all that is needed to judge it. */
import { clusterRecords } from '../../../db/queries/cluster-record.ts'
import {
  type CasePlace,
  type CaseSlice,
  type GroupCount,
  quarantinePages,
} from '../../../db/queries/quarantine-pages.ts'
import { FAILURES, RffError } from '../../../schemas/failure.ts'
import type { CaseGroups, CaseList, QuarantineCase } from '../../../schemas/page/quarantine.ts'
import { draftCorrection } from '../../control/quarantine/draft-correction.ts'
import { type ShownCase, shownCase } from '../../control/quarantine/show-cases.ts'
import { shardsOf, splitVisited, type Visited, visitShard } from '../../control/status/visit-shards.ts'
import type { Workspace } from '../../control/workspace.ts'

const CASES_A_PAGE = 50
/** Before every key: keys are signed 64-bit integers. */
const BEFORE_ALL: CasePlace = { key: -(2n ** 63n), clusterId: '' }

/** Largest first, then by signature. */
export function groupsView(visited: readonly Visited<readonly GroupCount[]>[]): CaseGroups {
  const { values, unreadable } = splitVisited(visited)
  const groups = new Map<string, CaseGroups['groups'][number]>()
  for (const { signature, codes, state, cases } of values.flat()) {
    const known = groups.get(signature) ?? { signature, codes: [...codes], states: [], cases: 0 }
    const others = known.states.filter((one) => one.state !== state)
    const before = known.states.find((one) => one.state === state)?.cases ?? 0
    const states = [...others, { state, cases: before + cases }].sort((a, b) => (a.state < b.state ? -1 : 1))
    groups.set(signature, { ...known, states, cases: known.cases + cases })
  }
  return {
    groups: [...groups.values()].sort((a, b) => b.cases - a.cases || (a.signature < b.signature ? -1 : 1)),
    unreadable: unreadable.map(({ shardNo }) => shardNo),
  }
}

/** In hash order over all shards: their ranges follow one another, so each is read only when those before are through. */
export function caseListView(
  workspace: Workspace,
  slice: Omit<CaseSlice, 'after' | 'limit'>,
  after: string | null,
): CaseList {
  const from = placeOf(after)
  const cases: CaseList['cases'] = []
  for (const shard of shardsOf(workspace)) {
    if (shard.keyLast < from.key || cases.length >= CASES_A_PAGE) continue
    const limit = CASES_A_PAGE - cases.length
    const visited = visitShard(workspace, shard, (db) =>
      quarantinePages(db).page({ ...slice, after: from, limit }),
    )
    if (!visited.ok) continue
    for (const { codes, ...line } of visited.value)
      cases.push({ shardNo: shard.shardNo, ...line, codes: [...codes] })
  }
  const last = cases.at(-1)
  return {
    cases,
    after: last === undefined || cases.length < CASES_A_PAGE ? null : `${last.key}:${last.clusterId}`,
  }
}

/** @throws RffError usage */
function placeOf(after: string | null): CasePlace {
  if (after === null) return BEFORE_ALL
  const [, key, clusterId] = /^(-?\d{1,19}):(.+)$/.exec(after) ?? []
  if (key === undefined || clusterId === undefined)
    throw new RffError('usage', `after is ${after}, expected the end of another page`)
  return { key: BigInt(key), clusterId }
}

/** @throws RffError shard_unknown, not_found, or what is wrong with the shard */
export function caseView(workspace: Workspace, shardNo: number, clusterId: string): QuarantineCase {
  const shard = shardsOf(workspace).find((one) => one.shardNo === shardNo)
  if (shard === undefined) throw new RffError('shard_unknown', `there is no shard ${shardNo}`)
  const visited = visitShard(workspace, shard, (db) => clusterRecords(db).cluster(clusterId))
  if (!visited.ok) throw new RffError(visited.failure.code, visited.failure.message)
  const cluster = visited.value
  if (!cluster?.quarantine)
    throw new RffError('not_found', `${clusterId} is no case of shard ${shardNo} (any more)`)
  return asPage(shownCase(shardNo, cluster, cluster.quarantine))
}

function asPage(shown: ShownCase): QuarantineCase {
  const { shardNo, cluster, quarantine, answer } = shown
  return {
    shardNo,
    clusterId: cluster.clusterId,
    domain: cluster.domain,
    state: quarantine.state,
    note: quarantine.note,
    signature: quarantine.signature,
    codes: quarantine.codes.map((code) => ({ code, hint: FAILURES[code].hint })),
    findings: quarantine.findings.map(({ code, at, message, relType }) => ({
      code,
      at,
      message,
      ...(relType === undefined ? {} : { relType }),
    })),
    facts: cluster.members.map(({ i, standing, factId, text, domain }) => ({
      i,
      standing,
      factId,
      text,
      domain,
    })),
    answer,
    draft: JSON.stringify(draftCorrection(shown), null, 2),
    attempts: cluster.attempts.map((attempt) => ({
      attemptId: attempt.attemptId,
      lane: attempt.lane,
      model: attempt.provider === 'rules' ? 'rules' : `${attempt.provider}/${attempt.model}`,
      state: attempt.state,
      failureCode: attempt.failureCode,
      errorCodes: [...(attempt.errorCodes ?? [])],
      answerTokens: attempt.answerTokens,
      microUsd: attempt.microUsd,
      latencyMs: attempt.latencyMs,
    })),
  }
}
