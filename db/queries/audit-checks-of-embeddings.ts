/** The laws of the vectors that were paid for. */
import type { AuditCheck } from './audit-check.ts'

export const EMBEDDING_CHECKS: readonly AuditCheck[] = [
  {
    name: 'embeddings_within_caps',
    claim: 'no build of vectors has booked more than the highest caps it ever had',
    sql: `SELECT count(*) FROM audit_embedding_spend
      WHERE booked_micro_usd > most_micro_usd OR booked_tokens > most_tokens OR booked_calls > most_calls`,
  },
  {
    name: 'vectors_are_of_their_model',
    claim: 'every vector is as long as its model makes them, and of a request that was settled',
    sql: 'SELECT count(*) FROM audit_embedding_vectors WHERE of_another_length > 0 OR not_paid > 0',
  },
  {
    name: 'vectors_cost_what_was_reserved',
    claim:
      'no request for vectors cost more than was reserved for it, also after a list of the provider was read',
    sql: 'SELECT count(*) FROM requests WHERE micro_usd > reserved_micro_usd',
  },
  {
    name: 'closed_builds_are_settled',
    claim: 'no request of a closed build is still on its way',
    sql: "SELECT count(*) FROM requests JOIN builds b USING (build_id) WHERE requests.state = 'sent' AND b.state = 'closed'",
    when: 'free',
  },
]
