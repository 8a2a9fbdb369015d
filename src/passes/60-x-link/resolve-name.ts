/** Which concept a name means: the one that is called so, else the only one that has it as an alias, else nobody. */
import { type ClaimTable, createClaimTable } from '../../language/claim-table.ts'

export interface Resolved {
  readonly conceptNo: number
  readonly isAlias: boolean
}

export interface NameResolver {
  readonly claims: ClaimTable
  /** @param owner not smaller than the one before; names and aliases normalised */
  add(owner: number, names: readonly string[], aliases: readonly string[]): void
  /**
   * @param isPreferred where one name is that of several concepts (domains kept apart): the ones to choose from
   * @returns undefined where nobody has the name, `ambiguous` where several have it with the same right
   */
  resolve(name: string, isPreferred: (conceptNo: number) => boolean): Resolved | 'ambiguous' | undefined
}

export function createNameResolver(): NameResolver {
  const claims = createClaimTable()
  return {
    claims,
    add(owner, names, aliases) {
      for (const name of names) claims.claim(owner, name, true)
      for (const alias of aliases) if (alias !== '') claims.claim(owner, alias, false)
    },
    resolve(name, isPreferred) {
      const formNo = claims.find(name)
      if (formNo === undefined) return undefined
      const claimants = claims.claimantsOf(formNo)
      const named = claimants.filter((claim) => claim.isName)
      const entitled = named.length > 0 ? named : claimants
      const preferred = entitled.length > 1 ? entitled.filter((claim) => isPreferred(claim.owner)) : entitled
      const only = preferred[0]
      if (only === undefined || preferred.length > 1) return 'ambiguous'
      return { conceptNo: only.owner, isAlias: !only.isName }
    },
  }
}
