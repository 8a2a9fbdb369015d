/**
 * Which facts are of a group: those that name it, of which an index knows, and the one it is named after. Both parts
 * are needed for the two indexes to be used.
 *
 * @param fact alias of `facts`
 * @param group an expression
 */
export const inGroup = (fact: string, group: string): string =>
  `((${fact}.dup_group_id = ${group} AND ${fact}.fact_id <> ${fact}.dup_group_id)
    OR (${fact}.fact_id = ${group} AND ${fact}.dup_group_id = ${group}))`
