/** Which facts an answer keeps, looked up by position. */
import type { Cluster } from '../../../schemas/cluster.ts'
import type { Structure } from '../../../schemas/structure.ts'

export interface KeptFacts {
  /** Positions on the list of members that the cluster has. */
  readonly positions: ReadonlySet<number>
  textAt(i: number): string
}

export function keptFacts({ members }: Structure, cluster: Cluster): KeptFacts {
  const count = cluster.members.length
  return {
    positions: new Set(members.map(({ i }) => i).filter((i) => i < count)),
    textAt: (i) => cluster.members[i]?.text ?? '',
  }
}
