/** What a plan has to tell the clusters about facts that came, changed or went: duplicates and touched clusters. */
import type { CoverageRole, Standing } from '../../schemas/states.ts'
import type { Db } from '../open.ts'
import { inGroup } from './in-group.ts'

export interface TouchedFact {
  readonly planNo: number
  readonly factNo: number
  readonly what: 'changed' | 'regrouped' | 'removed' | 'replaced'
}

export interface GroupFactRow {
  readonly dupGroupId: string
  readonly factNo: number
  readonly role: CoverageRole | null
  readonly representativeFactNo: number | null
}

const TO_SETTLE = `
  SELECT plan_no AS planNo, fact_no AS factNo, what FROM touched
  WHERE is_settled = 0 AND plan_no <= @planNo
  ORDER BY plan_no, fact_no LIMIT @limit`

/** Clusters that show the fact, also as context: a structure may have kept it from there. */
const CLUSTERS_WITH = `
  SELECT cluster_id AS clusterId, i, standing FROM cluster_facts WHERE fact_no = ? ORDER BY cluster_id`

const UNCOVER_MEMBERS = `
  DELETE FROM coverage WHERE cluster_id = @clusterId AND fact_no IN (
    SELECT fact_no FROM cluster_facts WHERE cluster_id = @clusterId
  )`

const RETIRE = `
  INSERT INTO retired (cluster_id, seed_key, plan_no, reason)
  SELECT c.cluster_id, f.key, @planNo, @reason
  FROM clusters c JOIN facts f ON f.fact_no = c.seed_fact_no
  WHERE c.cluster_id = @clusterId
  ON CONFLICT (cluster_id) DO UPDATE SET plan_no = excluded.plan_no, reason = excluded.reason`

/** In two steps over free ground: within one, a row could meet its neighbour's old position. */
const LIFT = 'UPDATE cluster_facts SET i = i + 1000000 WHERE cluster_id = @clusterId AND i > @i'
const LOWER = 'UPDATE cluster_facts SET i = i - 1000001 WHERE cluster_id = @clusterId AND i > 1000000'

/** Indexes alone answer this. Ids are unique, so at least one of several facts has another name than the group. */
const MULTIPLE_GROUPS = `
  SELECT dup_group_id AS dupGroupId FROM facts
  WHERE fact_id <> dup_group_id AND dup_group_id > @after
  GROUP BY dup_group_id
  HAVING count(*) > 1
    OR EXISTS (SELECT 1 FROM facts n WHERE n.fact_id = facts.dup_group_id AND n.dup_group_id = n.fact_id)
  ORDER BY dup_group_id LIMIT @limit`

const GROUP = `
  SELECT f.dup_group_id AS dupGroupId, f.fact_no AS factNo, c.role, c.representative_fact_no AS representativeFactNo
  FROM facts f LEFT JOIN coverage c USING (fact_no)
  WHERE ${inGroup('f', '@dupGroupId')} AND f.state = 'live'
  ORDER BY f.key, f.fact_id`

const FOLLOW = `
  INSERT INTO coverage (fact_no, role, representative_fact_no) VALUES (@factNo, 'duplicate', @representativeFactNo)
  ON CONFLICT (fact_no) DO UPDATE SET role = 'duplicate', cluster_id = NULL,
    representative_fact_no = excluded.representative_fact_no`

export function duplicateQueries(db: Db) {
  const toSettle = db.prepare<object, TouchedFact>(TO_SETTLE)
  const settled = db.prepare(
    'UPDATE touched SET is_settled = 1 WHERE plan_no = @planNo AND fact_no = @factNo',
  )
  const clustersWith = db.prepare<[number], { clusterId: string; i: number; standing: Standing }>(
    CLUSTERS_WITH,
  )
  const stale = db.prepare('UPDATE clusters SET plan_no = @planNo WHERE cluster_id = @clusterId')
  const uncover = db.prepare('DELETE FROM coverage WHERE fact_no = ?')
  const uncoverFollowers = db.prepare(
    "DELETE FROM coverage WHERE role = 'duplicate' AND representative_fact_no = ?",
  )
  const uncoverMembers = db.prepare(UNCOVER_MEMBERS)
  const retire = db.prepare(RETIRE)
  const dropCluster = db.prepare('DELETE FROM clusters WHERE cluster_id = ?')
  const dropPosition = db.prepare('DELETE FROM cluster_facts WHERE cluster_id = @clusterId AND i = @i')
  const lift = db.prepare(LIFT)
  const lower = db.prepare(LOWER)
  const multipleGroups = db.prepare<object, { dupGroupId: string }>(MULTIPLE_GROUPS)
  const group = db.prepare<object, GroupFactRow>(GROUP)
  const follow = db.prepare(FOLLOW)
  return {
    /** Also what an earlier plan left, one that was given up before it came to this. */
    touchedToSettle: (planNo: number, limit: number): TouchedFact[] => toSettle.all({ planNo, limit }),
    markSettled: ({ planNo, factNo }: TouchedFact): void => void settled.run({ planNo, factNo }),
    clustersWith: (factNo: number) => clustersWith.all(factNo),
    /** The shard writer writes it again and puts its seed back into the frontier. */
    markStale: (clusterId: string, planNo: number): void => void stale.run({ clusterId, planNo }),
    uncover: (factNo: number): void => void uncover.run(factNo),
    uncoverFollowers: (representativeFactNo: number): void => void uncoverFollowers.run(representativeFactNo),
    /** The other facts of the cluster are to be covered again. */
    retireCluster(clusterId: string, planNo: number, reason: string): void {
      retire.run({ clusterId, planNo, reason })
      uncoverMembers.run({ clusterId })
      dropCluster.run(clusterId)
    },
    /** The positions behind it move up, so that they stay 0 … n - 1. */
    dropMember(clusterId: string, i: number): void {
      dropPosition.run({ clusterId, i })
      lift.run({ clusterId, i })
      lower.run({ clusterId })
    },
    /** Groups with more than one fact, removed ones included, ascending. */
    multipleGroups: (after: string, limit: number): string[] =>
      multipleGroups.all({ after, limit }).map((row) => row.dupGroupId),
    /** Live facts of a group, ascending by key, then id. */
    group: (dupGroupId: string): GroupFactRow[] => group.all({ dupGroupId }),
    follow: (factNo: number, representativeFactNo: number): void =>
      void follow.run({ factNo, representativeFactNo }),
  }
}
