/** The quarantine of one run over all shards: how often each code, how large each group, and which cases to read. */
import { clusterRecords } from '../../../db/queries/cluster-record.ts'
import {
  type CodeCount,
  quarantineGroups,
  type RunOutcomes,
  type SampledCase,
} from '../../../db/queries/quarantine-groups.ts'
import type { FailureCode } from '../../../schemas/failure.ts'
import { type ShownCase, shownCase } from '../quarantine/show-cases.ts'
import { splitVisited, type UnreadableShard, visitShards } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'

export interface CaseGroup {
  readonly signature: string
  readonly cases: number
  /** Those with the smallest keys. */
  readonly sample: readonly ShownCase[]
}

export interface GroupedCases {
  readonly outcomes: RunOutcomes
  /** Most frequent first, then by code. */
  readonly codes: readonly CodeCount[]
  /** Largest first, then by signature. */
  readonly groups: readonly CaseGroup[]
  readonly unreadable: readonly UnreadableShard[]
}

const CASES_PER_GROUP = 3
/** Groups whose cases are read; the others are only counted. */
export const GROUPS_WITH_CASES = 50

export function groupCases(workspace: Workspace, runId: number): GroupedCases {
  const { values, unreadable } = splitVisited(
    visitShards(workspace, (db) => {
      const groups = quarantineGroups(db)
      return {
        outcomes: groups.outcomes(runId),
        codes: groups.codes(runId),
        sample: groups.sample(runId, CASES_PER_GROUP),
      }
    }),
  )
  const groups = groupsOf(values.map(({ sample }) => sample))
  const wanted = new Set(groups.slice(0, GROUPS_WITH_CASES).flatMap(({ clusterIds }) => clusterIds))
  const shown = readCases(workspace, wanted)
  return {
    outcomes: {
      ok: sum(values, ({ outcomes }) => outcomes.ok),
      quarantined: sum(values, ({ outcomes }) => outcomes.quarantined),
    },
    codes: countCodes(values.flatMap(({ codes }) => codes)),
    groups: groups.map(({ signature, cases, clusterIds }) => ({
      signature,
      cases,
      sample: clusterIds.flatMap((clusterId) => shown.get(clusterId) ?? []),
    })),
    unreadable,
  }
}

const sum = <T>(rows: readonly T[], of: (row: T) => number): number =>
  rows.reduce((total, row) => total + of(row), 0)

function countCodes(rows: readonly CodeCount[]): CodeCount[] {
  const counts = new Map<FailureCode, number>()
  for (const { code, cases } of rows) counts.set(code, (counts.get(code) ?? 0) + cases)
  return [...counts]
    .map(([code, cases]) => ({ code, cases }))
    .sort((a, b) => b.cases - a.cases || (a.code < b.code ? -1 : 1))
}

interface Group {
  readonly signature: string
  readonly cases: number
  readonly clusterIds: readonly string[]
}

/** @param perShard sampled cases; a shard tells the size of a group with each of them */
function groupsOf(perShard: readonly (readonly SampledCase[])[]): Group[] {
  const groups = new Map<string, { cases: number; sampled: SampledCase[] }>()
  for (const rows of perShard) {
    const counted = new Set<string>()
    for (const row of rows) {
      const group = groups.get(row.signature) ?? { cases: 0, sampled: [] }
      if (!counted.has(row.signature)) group.cases += row.cases
      counted.add(row.signature)
      group.sampled.push(row)
      groups.set(row.signature, group)
    }
  }
  return [...groups]
    .map(([signature, { cases, sampled }]) => ({ signature, cases, clusterIds: firstOf(sampled) }))
    .sort((a, b) => b.cases - a.cases || (a.signature < b.signature ? -1 : 1))
}

const firstOf = (sampled: readonly SampledCase[]): string[] =>
  [...sampled]
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.clusterId < b.clusterId ? -1 : 1))
    .slice(0, CASES_PER_GROUP)
    .map(({ clusterId }) => clusterId)

function readCases(workspace: Workspace, clusterIds: ReadonlySet<string>): Map<string, ShownCase> {
  const visited = visitShards(workspace, (db, { shardNo }) => {
    const records = clusterRecords(db)
    return [...clusterIds].flatMap((clusterId): [string, ShownCase][] => {
      const cluster = records.cluster(clusterId)
      return cluster?.quarantine ? [[clusterId, shownCase(shardNo, cluster, cluster.quarantine)]] : []
    })
  })
  return new Map(splitVisited(visited).values.flat())
}
