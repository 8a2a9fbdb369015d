/** From the concept to others by name: what the facts about it say of it. */
import type { Structure } from '../../../schemas/structure.ts'
import type { Kept } from './choose-members.ts'

type Link = Structure['links'][number]

/**
 * Only claims that go out from the concept: a link has no direction of its own, so "X contains Y", which says
 * something of Y, cannot be one.
 *
 * @param keys the concept's own names
 */
export function linksOf(kept: readonly Kept[], keys: ReadonlySet<string>): Link[] {
  const links = new Map<string, Link>()
  for (const { reading, isAbout } of kept) {
    if (!isAbout) continue
    for (const { relType, direction, term } of reading.claims) {
      if (direction === 'in' || keys.has(term.key)) continue
      const known = links.get(`${relType} ${term.key}`)
      if (known === undefined)
        links.set(`${relType} ${term.key}`, {
          name: term.name,
          rel_type: relType,
          support_i_list: [reading.i],
        })
      else if (!known.support_i_list.includes(reading.i)) known.support_i_list.push(reading.i)
    }
  }
  return [...links.values()]
}
