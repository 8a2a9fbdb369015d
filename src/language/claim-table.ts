/**
 * Who claims which name: concepts by number, forms as bytes, everything in typed arrays. About 60 bytes a form and
 * 12 bytes a claim, so two million names with an alias each take some 200 MB.
 */

import { grown, sharedNumbers } from './shared-memory.ts'
import { createTextNumbers, type TextNumbersData } from './text-numbers.ts'

export interface Claim {
  readonly formNo: number
  readonly owner: number
  /** As its name, not as an alias. */
  readonly isName: boolean
}

export interface ClaimTable {
  readonly ownerCount: number
  readonly formCount: number
  readonly bytes: number
  /** @param owner not smaller than the one before; a form that an owner claims twice counts once */
  claim(owner: number, form: string, isName: boolean): void
  /** In the order in which they were made. */
  claimsOf(owner: number): Claim[]
  /** By descending owner. */
  claimantsOf(formNo: number): Claim[]
  claimantCount(formNo: number): number
  /** `preferred` where it claims the form, else the only one who does; undefined where several others do. */
  ownerOf(formNo: number, preferred: number): number | undefined
  formAt(formNo: number): string
  /** The number of a form that somebody claims. */
  find(form: string): number | undefined
  data(): ClaimData
}

/** Everything, in memory that threads share. */
export interface ClaimData {
  readonly forms: TextNumbersData
  readonly lastClaimOf: Uint32Array
  readonly countOf: Uint32Array
  readonly formOf: Uint32Array
  readonly ownerOf: Uint32Array
  readonly earlierOf: Uint32Array
  readonly firstClaimOf: Uint32Array
  readonly claims: number
  readonly owners: number
}

const NONE = 0xffffffff

/** @param data of another table, to be asked and never added to */
export function createClaimTable(data?: ClaimData): ClaimTable {
  const forms = createTextNumbers(data?.forms)
  let lastClaimOf = data?.lastClaimOf ?? sharedNumbers(1 << 10) // by form
  let countOf = data?.countOf ?? sharedNumbers(1 << 10) // by form
  let formOf = data?.formOf ?? sharedNumbers(1 << 10) // by claim
  let ownerOf = data?.ownerOf ?? sharedNumbers(1 << 10) // by claim, times two, plus one for a name
  let earlierOf = data?.earlierOf ?? sharedNumbers(1 << 10) // by claim: the one before on the same form
  let firstClaimOf = data?.firstClaimOf ?? sharedNumbers(1 << 10) // by owner
  let claims = data?.claims ?? 0
  let owners = data?.owners ?? 0

  const claimAt = (no: number): Claim => ({
    formNo: formOf[no]!,
    owner: ownerOf[no]! >>> 1,
    isName: (ownerOf[no]! & 1) === 1,
  })
  const endOf = (owner: number): number => (owner + 1 < owners ? firstClaimOf[owner + 1]! : claims)
  const open = (owner: number): void => {
    for (; owners <= owner; owners++) {
      if (owners + 1 >= firstClaimOf.length) firstClaimOf = grown(firstClaimOf)
      firstClaimOf[owners] = claims
    }
  }
  const formNoOf = (form: string): number => {
    const formNo = forms.findOrAdd(form)
    if (formNo >= countOf.length) {
      countOf = grown(countOf)
      lastClaimOf = grown(lastClaimOf)
    }
    return formNo
  }
  return {
    get ownerCount() {
      return owners
    },
    get formCount() {
      return forms.size
    },
    get bytes() {
      return forms.bytes + 8 * forms.size + 12 * claims + 4 * owners
    },
    claim(owner, form, isName) {
      open(owner)
      const formNo = formNoOf(form)
      const last = countOf[formNo] === 0 ? NONE : lastClaimOf[formNo]!
      if (last !== NONE && ownerOf[last]! >>> 1 === owner) {
        if (isName) ownerOf[last] = ownerOf[last]! | 1
        return
      }
      if (claims === formOf.length) {
        formOf = grown(formOf)
        ownerOf = grown(ownerOf)
        earlierOf = grown(earlierOf)
      }
      formOf[claims] = formNo
      ownerOf[claims] = owner * 2 + (isName ? 1 : 0)
      earlierOf[claims] = last
      lastClaimOf[formNo] = claims++
      countOf[formNo] = countOf[formNo]! + 1
    },
    claimsOf(owner) {
      const end = endOf(owner)
      const found: Claim[] = []
      for (let no = firstClaimOf[owner]!; no < end; no++) found.push(claimAt(no))
      return found
    },
    claimantsOf(formNo) {
      const found: Claim[] = []
      for (let no = lastClaimOf[formNo]!; no !== NONE; no = earlierOf[no]!) found.push(claimAt(no))
      return found
    },
    claimantCount: (formNo) => countOf[formNo]!,
    ownerOf(formNo, preferred) {
      if (countOf[formNo] === 1) return ownerOf[lastClaimOf[formNo]!]! >>> 1
      if (preferred >= owners) return undefined // none of its names can be claimed
      // An owner has few forms, but a form may have any number of owners.
      const end = endOf(preferred)
      for (let no = firstClaimOf[preferred]!; no < end; no++) if (formOf[no] === formNo) return preferred
      return undefined
    },
    formAt: (formNo) => forms.at(formNo),
    find: forms.find,
    data: () => ({
      forms: forms.data(),
      lastClaimOf,
      countOf,
      formOf,
      ownerOf,
      earlierOf,
      firstClaimOf,
      claims,
      owners,
    }),
  }
}
