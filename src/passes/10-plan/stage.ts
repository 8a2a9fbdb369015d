/**
 * Pass 10, behind the intake of lines: the clusters of earlier plans learn what happened to their facts, and the
 * facts of a group get one that speaks for them. Live facts that no coverage row names are what PassX takes next.
 *
 * Intake itself is control's, since inputs are files; its verbs are beside this file.
 */
import type { Db } from '../../../db/open.ts'
import { duplicateQueries, type TouchedFact } from '../../../db/queries/coverage-duplicates.ts'
import { chooseRepresentative } from './choose-representative.ts'

/** Raise it when the same records may give other facts or other representatives. */
export const PLAN_VERSION = 1

/** Touched facts, or groups, a transaction. */
const PAGE_ROWS = 1_000

/**
 * In pages; a page is one transaction and marks what it did, so a second call changes nothing and a killed one goes
 * on.
 */
export function settleTouched(corpus: Db, planNo: number): void {
  settleTouchedFacts(corpus, planNo)
  settleGroups(corpus)
}

function settleTouchedFacts(corpus: Db, planNo: number): void {
  const queries = duplicateQueries(corpus)
  const page = corpus.transaction((): number => {
    const touched = queries.touchedToSettle(planNo, PAGE_ROWS)
    for (const fact of touched) {
      if (fact.what === 'changed') markClustersStale(queries, fact, planNo)
      else leaveClusters(queries, fact, planNo)
      queries.markSettled(fact)
    }
    return touched.length
  })
  while (page.immediate() > 0);
}

type Queries = ReturnType<typeof duplicateQueries>

function markClustersStale(queries: Queries, { factNo }: TouchedFact, planNo: number): void {
  for (const { clusterId } of queries.clustersWith(factNo)) queries.markStale(clusterId, planNo)
}

/** A cluster does not outlive its seed; one that loses another row is structured again without it. */
function leaveClusters(queries: Queries, { factNo, what }: TouchedFact, planNo: number): void {
  for (const { clusterId, i, standing } of queries.clustersWith(factNo)) {
    if (standing === 'seed') queries.retireCluster(clusterId, planNo, `seed ${what}`)
    else {
      queries.dropMember(clusterId, i)
      queries.markStale(clusterId, planNo)
    }
  }
  queries.uncover(factNo)
  queries.uncoverFollowers(factNo)
}

function settleGroups(corpus: Db): void {
  const queries = duplicateQueries(corpus)
  const page = corpus.transaction((groupIds: readonly string[]) => {
    for (const groupId of groupIds) settleGroup(queries, groupId)
  })
  let groupIds = queries.multipleGroups('', PAGE_ROWS)
  while (groupIds.length > 0) {
    page.immediate(groupIds)
    groupIds = queries.multipleGroups(groupIds.at(-1)!, PAGE_ROWS)
  }
}

function settleGroup(queries: Queries, groupId: string): void {
  const facts = queries.group(groupId)
  if (facts.length === 0) return
  const { representativeFactNo, isReleased, followerFactNos } = chooseRepresentative(facts)
  if (isReleased) queries.uncover(representativeFactNo)
  for (const factNo of followerFactNos) queries.follow(factNo, representativeFactNo)
}
