/**
 * Who claims which name: concepts by number, forms as bytes, everything in typed arrays. About 60 bytes a form and
 * 12 bytes a claim, so two million names with an alias each take some 200 MB.
 */
import { createTextPool, grown } from './text-pool.ts'

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
  formAt(formNo: number): string
  /** The number of a form that somebody claims. */
  find(form: string): number | undefined
}

const NONE = 0xffffffff

export function createClaimTable(): ClaimTable {
  const forms = createTextPool()
  const finder = createFinder(forms)
  let lastClaimOf = new Uint32Array(1 << 10) // by form
  let countOf = new Uint32Array(1 << 10) // by form
  let formOf = new Uint32Array(1 << 10) // by claim
  let ownerOf = new Uint32Array(1 << 10) // by claim, times two, plus one for a name
  let earlierOf = new Uint32Array(1 << 10) // by claim: the one before on the same form
  let firstClaimOf = new Uint32Array(1 << 10) // by owner
  let claims = 0
  let owners = 0

  const claimAt = (no: number): Claim => ({
    formNo: formOf[no]!,
    owner: ownerOf[no]! >>> 1,
    isName: (ownerOf[no]! & 1) === 1,
  })
  const open = (owner: number): void => {
    for (; owners <= owner; owners++) {
      if (owners + 1 >= firstClaimOf.length) firstClaimOf = grown(firstClaimOf)
      firstClaimOf[owners] = claims
    }
  }
  const formNoOf = (form: string): number => {
    const formNo = finder.findOrAdd(form)
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
      const arrays = [lastClaimOf, countOf, formOf, ownerOf, earlierOf, firstClaimOf]
      return arrays.reduce((sum, array) => sum + array.byteLength, forms.bytes + finder.bytes)
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
      const end = owner + 1 < owners ? firstClaimOf[owner + 1]! : claims
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
    formAt: (formNo) => forms.at(formNo),
    find: finder.find,
  }
}

/** Open addressing over the pool: a slot holds the number of a form plus one; at most half of the slots are taken. */
function createFinder(forms: ReturnType<typeof createTextPool>) {
  let slots = new Uint32Array(1 << 12)
  let hashes = new Uint32Array(1 << 10) // by form, so that growing does not read the texts again
  const slotFor = (hash: number, isIt: (formNo: number) => boolean): number => {
    const mask = slots.length - 1
    let slot = hash & mask
    while (slots[slot] !== 0 && !isIt(slots[slot]! - 1)) slot = (slot + 1) & mask
    return slot
  }
  const widen = (): void => {
    slots = new Uint32Array(slots.length * 2)
    for (let formNo = 0; formNo < forms.size; formNo++)
      slots[slotFor(hashes[formNo]!, () => false)] = formNo + 1
  }
  const lookFor = (utf8: Buffer, hash: number): number =>
    slotFor(hash, (formNo) => hashes[formNo] === hash && forms.holds(formNo, utf8))
  return {
    get bytes() {
      return slots.byteLength + hashes.byteLength
    },
    find(form: string): number | undefined {
      const utf8 = Buffer.from(form)
      const found = slots[lookFor(utf8, hashOf(utf8))]!
      return found === 0 ? undefined : found - 1
    },
    findOrAdd(form: string): number {
      const utf8 = Buffer.from(form)
      const hash = hashOf(utf8)
      const slot = lookFor(utf8, hash)
      if (slots[slot] !== 0) return slots[slot]! - 1
      const formNo = forms.add(form)
      if (formNo >= hashes.length) hashes = grown(hashes)
      hashes[formNo] = hash
      slots[slot] = formNo + 1
      if (forms.size * 2 > slots.length) widen()
      return formNo
    },
  }
}

/** FNV-1a with a last stirring, since only the low bits choose the slot. */
function hashOf(utf8: Buffer): number {
  let hash = 0x811c9dc5
  for (const byte of utf8) hash = Math.imul(hash ^ byte, 0x01000193)
  hash ^= hash >>> 15
  return Math.imul(hash, 0x2c1b3c6d) >>> 0
}
