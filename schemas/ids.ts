/**
 * Ids name what they stand for: each is derived from content, never from a position or a clock.
 *
 * 96 bits of a hash behind a prefix that says what the id names, so that `rff-shard inspect ID` knows where to look.
 */
import { hash } from 'node:crypto'

/** The parts are joined by NUL, which no planned text can contain, so no two lists of parts share an id. */
const digestOf = (parts: readonly (string | number)[]): string => hash('sha256', parts.join('\0'), 'hex')

const derive = (prefix: string, parts: readonly (string | number)[]): string =>
  `${prefix}_${digestOf(parts).slice(0, 24)}`

/**
 * The seed's key stands first, so that clusters in the order of their ids are in the order in which a shard works
 * through them: whatever is written about them goes to the end of a table, not to a random page of it.
 *
 * @param round 0 for the cluster that a fact was first chosen for; the number of the plan for later clusters
 *   grown from a concept of the field. A cluster whose facts changed keeps its id, and so replaces its old support.
 * @param key of the seed, as shards/hash-key.ts gives it
 * @source docs/decisions/0140-cluster-ids-in-the-order-of-work.md
 */
export const clusterIdOf = (seedFactId: string, round: number, key: bigint): string =>
  `clu_${(key + TOP_BIT).toString(16).padStart(16, '0')}${digestOf([seedFactId, round]).slice(0, 8)}`

/** Keys are signed with the top bit flipped, so that SQL's order is that of the hashes; text has the hash itself. */
const TOP_BIT = 2n ** 63n

/** @param domain the empty string unless concepts are kept apart by domain */
export const conceptIdOf = (normalisedName: string, domain: string): string =>
  derive('con', domain === '' ? [normalisedName] : [normalisedName, domain])

export const edgeIdOf = (srcId: string, relType: string, dstId: string): string =>
  derive('edg', [srcId, relType, dstId])

/** A fact that came without an id gets one from its content, so that the same record is the same fact. */
export const factIdOf = (domain: string, text: string): string => derive('fact', [domain, text])
