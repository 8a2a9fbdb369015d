/**
 * Counting sort of the slots by their holders; terms of equal rarity follow each other by slot.
 *
 * @param values holders by slot; numbers, one more each, when this returns
 * @returns holders by number
 */
export function numberByRarity(values: Uint32Array): Uint32Array {
  let mostHolders = 1
  for (const holders of values) if (holders > mostHolders) mostHolders = holders
  const next = new Uint32Array(mostHolders + 2)
  for (const holders of values) if (holders > 1) next[holders + 1]!++
  for (let holders = 1; holders < next.length; holders++) next[holders]! += next[holders - 1]!

  const holderCount = new Uint32Array(next[next.length - 1]!)
  for (let slot = 0; slot < values.length; slot++) {
    const holders = values[slot]!
    if (holders < 2) {
      values[slot] = 0
      continue
    }
    const number = next[holders]!++
    holderCount[number] = holders
    values[slot] = number + 1
  }
  return holderCount
}
