import { describe, expect, test } from 'vitest'
import type { Fact } from '../../../schemas/fact.ts'
import type { Arrival } from '../../../src/passes/10-plan/accept-line.ts'
import { judgeArrival, type KnownFact } from '../../../src/passes/10-plan/judge-arrival.ts'

const fact: Fact = { factId: 'a', dupGroupId: 'g', domain: 'd', text: 't', source: 's' }
const live: KnownFact = { dupGroupId: 'g', domain: 'd', text: 't', state: 'live' }
const removed: KnownFact = { ...live, state: 'removed' }
const says = (changes: Partial<Fact> = {}): Arrival => ({ kind: 'fact', fact: { ...fact, ...changes } })
const removal: Arrival = { kind: 'removal', factId: 'a' }

const verdictOf = (known: KnownFact | undefined, arrival: Arrival, isOfThisPlan: boolean): string => {
  const judged = judgeArrival(known, arrival, isOfThisPlan)
  if (!judged.ok) return judged.failure.code
  return judged.value.touch === null ? judged.value.counter : `${judged.value.counter}, ${judged.value.touch}`
}

describe('in a later plan', () => {
  test.each([
    ['an unknown fact is added', undefined, says(), 'added'],
    ['the same again is known', live, says(), 'known'],
    ['another source alone is no change', live, says({ source: 'elsewhere' }), 'known'],
    ['another text changes it', live, says({ text: 'new' }), 'changed, changed'],
    ['another domain changes it', live, says({ domain: 'new' }), 'changed, changed'],
    ['another group moves it', live, says({ dupGroupId: 'h', text: 'new' }), 'changed, regrouped'],
    ['a removal removes it', live, removal, 'removed, removed'],
    ['a removal of a removed fact says nothing new', removed, removal, 'known'],
    ['a removed fact that comes back is added', removed, says(), 'added'],
    ['a removal of an unknown fact is refused', undefined, removal, 'removed_unknown'],
  ])('%s', (_, known, arrival, verdict) => {
    expect(verdictOf(known, arrival, false)).toBe(verdict)
  })
})

describe('in the plan that named the fact', () => {
  test.each([
    ['the same again is repeated', live, says(), 'repeated'],
    ['another text is refused', live, says({ text: 'new' }), 'fact_id_repeated'],
    ['another group is refused', live, says({ dupGroupId: 'h' }), 'fact_id_repeated'],
    ['a removal is refused', live, removal, 'fact_id_repeated'],
    ['a second removal is repeated', removed, removal, 'repeated'],
    ['the fact itself is refused after its removal', removed, says(), 'fact_id_repeated'],
  ])('%s', (_, known, arrival, verdict) => {
    expect(verdictOf(known, arrival, true)).toBe(verdict)
  })
})
