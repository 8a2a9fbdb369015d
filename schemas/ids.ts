/**
 * Ids name what they stand for: each is derived from content, never from a position or a clock.
 *
 * 96 bits of SHA-256 behind a prefix that says what the id names, so that `rff-shard inspect ID` knows where to look.
 */
import { createHash } from 'node:crypto'

/** The parts are joined by NUL, which no planned text can contain, so no two lists of parts share an id. */
const derive = (prefix: string, parts: readonly (string | number)[]): string =>
  `${prefix}_${createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 24)}`

/**
 * @param round 0 for the cluster that a fact was first chosen for; the number of the plan for later clusters
 *   grown from a concept of the field. A cluster whose facts changed keeps its id, and so replaces its old support.
 */
export const clusterIdOf = (seedFactId: string, round: number): string => derive('clu', [seedFactId, round])

/** @param domain the empty string unless concepts are kept apart by domain */
export const conceptIdOf = (normalisedName: string, domain: string): string =>
  derive('con', domain === '' ? [normalisedName] : [normalisedName, domain])

export const edgeIdOf = (srcId: string, relType: string, dstId: string): string =>
  derive('edg', [srcId, relType, dstId])

/** A fact that came without an id gets one from its content, so that the same record is the same fact. */
export const factIdOf = (domain: string, text: string): string => derive('fact', [domain, text])
