/** What the default relation types are by nature. A configured type that is not listed is directed and may go round. */

/** Without a direction: "a contradicts b" is "b contradicts a". */
export const SYMMETRIC_TYPES: ReadonlySet<string> = new Set(['contradicts', 'same_as'])

/** Never in both directions: of two opposite edges at most one is true. */
export const ACYCLIC_TYPES: ReadonlySet<string> = new Set(['refines', 'depends_on', 'part_of'])

/**
 * One way to write a relation, so that a symmetric one stands in the tables once.
 *
 * @returns both ends as given, or in ascending order where the type has no direction
 */
export const inOneDirection = (src: string, relType: string, dst: string): readonly [string, string] =>
  SYMMETRIC_TYPES.has(relType) && dst < src ? [dst, src] : [src, dst]
