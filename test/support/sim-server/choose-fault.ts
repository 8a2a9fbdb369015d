/** Which fault a request gets: scripted ones first, then by share. */
import { drawFor } from './random.ts'
import type { Fault, ScriptRule } from './script.ts'

export interface Arrival {
  /** Number of the chat request, counted from 1. */
  readonly number: number
  readonly prompt: string
  readonly model: string
  readonly bodyDigest: string
}

export interface ChosenFault {
  readonly fault: Fault | 'none'
  readonly retryAfterSeconds?: number
}

/** @returns a chooser that remembers how often each rule has held; the same for the same seed, whatever the order */
export function faultChooser(
  script: readonly ScriptRule[],
  shares: Partial<Record<Fault, number>>,
  seed: number,
): (arrival: Arrival) => ChosenFault {
  const timesOf = script.map(() => ({ all: 0, byBody: new Map<string, number>() }))
  const arrived = new Map<string, number>()
  return (arrival) => {
    // By what is asked, and how often it was, not by what else came before: threads arrive in any order.
    const times = arrived.get(arrival.bodyDigest) ?? 0
    arrived.set(arrival.bodyDigest, times + 1)
    const draw = drawFor(`${seed} ${arrival.bodyDigest} ${times}`)
    for (const [index, rule] of script.entries()) {
      const times = timesOf[index]!
      const ofBody = times.byBody.get(arrival.bodyDigest) ?? 0
      if (!picks(rule, arrival)) continue
      if (times.all >= (rule.times ?? Infinity) || ofBody >= (rule.timesPerBody ?? Infinity)) continue
      times.all += 1
      times.byBody.set(arrival.bodyDigest, ofBody + 1)
      return rule
    }
    return { fault: byShare(shares, draw) }
  }
}

const picks = (rule: ScriptRule, { number, prompt, model }: Arrival): boolean =>
  (rule.requests?.includes(number) ?? true) &&
  number >= (rule.from ?? 1) &&
  number <= (rule.to ?? Infinity) &&
  (rule.promptHas === undefined || prompt.includes(rule.promptHas)) &&
  (rule.model === undefined || rule.model === model)

function byShare(shares: Partial<Record<Fault, number>>, draw: number): Fault | 'none' {
  let reached = 0
  for (const [fault, share] of Object.entries(shares)) {
    reached += share
    if (draw < reached) return fault as Fault
  }
  return 'none'
}
