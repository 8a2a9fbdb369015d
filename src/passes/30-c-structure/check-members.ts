/** Every fact of the cluster stands on exactly one of the two lists, and some fact is kept. */
import type { Cluster } from '../../../schemas/cluster.ts'
import type { Finding } from '../../../schemas/finding.ts'
import type { Structure } from '../../../schemas/structure.ts'

export function checkMembers({ members, dropped }: Structure, cluster: Cluster): Finding[] {
  const count = cluster.members.length
  const seen = new Set<number>()
  const findings: Finding[] = []
  const see = (list: string, entries: readonly { readonly i: number }[]): void => {
    for (const [index, { i }] of entries.entries()) {
      const at = `${list}[${index}].i`
      if (i >= count) {
        findings.push({
          code: 'member_unknown',
          at,
          message: `there is no fact ${i}; they are 0 to ${count - 1}`,
        })
      } else if (seen.has(i)) {
        findings.push({ code: 'member_repeated', at, message: `fact ${i} is listed before` })
      }
      seen.add(i)
    }
  }
  see('members', members)
  see('dropped', dropped)
  for (const { i } of cluster.members) {
    if (seen.has(i)) continue
    findings.push({
      code: 'member_unaccounted',
      at: '',
      message: `fact ${i} is neither in members nor in dropped`,
    })
  }
  if (!members.some(({ i }) => i < count)) {
    findings.push({ code: 'keep_empty', at: 'members', message: 'no fact is kept' })
  }
  return findings
}
