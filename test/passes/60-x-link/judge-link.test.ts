import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LinkDetail, LinkEvidence } from '../../../schemas/link.ts'
import { betterOf, judgeLink } from '../../../src/passes/60-x-link/judge-link.ts'
import { HUB_NAME_FACTS } from '../../../src/passes/60-x-link/score.ts'

const piece = (
  evidence: LinkEvidence['evidence'],
  detail: LinkDetail,
  clusterId = 'clu_1',
  relType = 'depends_on',
): LinkEvidence => ({
  srcConceptId: 'con_a',
  dstConceptId: 'con_b',
  relType,
  evidence,
  factId: 'f1',
  clusterId,
  detail,
})

const judge = (evidence: readonly LinkEvidence[], text = 'it needs water', thresholds = { default: 0.5 }) =>
  judgeLink(evidence, false, thresholds, () => text)

const RARE = { name: 'water', factCount: 3 }

test('the score is the sum of its parts', () => {
  const { parts, scoreMillionths } = judge([piece('named', RARE)])
  expect(parts).toEqual({ named: 450_000, name: 100_000 })
  expect(scoreMillionths).toBe(550_000)
})

test('an answer and the fact that it read are one witness', () => {
  const { parts } = judge([piece('named', RARE), piece('mention', { ...RARE, cue: 'needs' })])
  expect(parts).toEqual({ named_and_said: 550_000, name: 100_000 })
})

test('a cluster that says it twice counts once', () => {
  const once = judge([piece('named', RARE)])
  expect(judge([piece('named', RARE), piece('named', RARE)]).scoreMillionths).toBe(once.scoreMillionths)
  expect(judge([piece('named', RARE), piece('named', RARE, 'clu_2')]).parts).toMatchObject({
    further_clusters: 50_000,
  })
})

test('shared terms alone are dropped below the threshold', () => {
  const terms = piece('shared_terms', { terms: ['alpha', 'beta', 'gamma'] }, 'clu_1', 'supports')
  expect(judge([terms])).toMatchObject({ isKept: false, reason: 'below_threshold' })
})

test('a hub name is what a link is dropped for only where it would have been kept otherwise', () => {
  const hub = { name: 'water', factCount: HUB_NAME_FACTS + 1 }
  expect(judge([piece('named', hub), piece('mention', { ...hub, cue: 'needs' })])).toMatchObject({
    isKept: false,
    reason: 'hub_name',
  })
  expect(judge([piece('mention', hub)])).toMatchObject({ reason: 'below_threshold' })
})

test('a hub name that is kept all the same is flagged', () => {
  const hub = { name: 'water', factCount: HUB_NAME_FACTS + 1 }
  expect(judge([piece('named', hub)], 'it needs water', { default: 0.2 }).flags).toEqual(['hub_name'])
})

test('a name that stands only inside longer words is flagged', () => {
  expect(judge([piece('named', RARE)], 'it needs groundwater').flags).toEqual(['name_inside_word'])
  expect(judge([piece('named', RARE)], 'it needs groundwater, or water').flags).toEqual([])
})

test('a type has its own threshold, else the default one', () => {
  const evidence = [piece('named', RARE)]
  expect(
    judge(evidence, '', { default: 0.5, depends_on: 0.6 } as Record<string, number> & { default: number })
      .isKept,
  ).toBe(false)
  expect(judge(evidence, '', { default: 0.5 }).isKept).toBe(true)
})

const evidenceArbitrary = fc.array(
  fc.record({
    kind: fc.constantFrom('named', 'mention', 'shared_terms'),
    cluster: fc.constantFrom('clu_1', 'clu_2', 'clu_3'),
    factCount: fc.nat({ max: 5_000 }),
    isAlias: fc.boolean(),
    hasCue: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
)

test('the score stays within its range and does not depend on the order of the evidence', () => {
  fc.assert(
    fc.property(evidenceArbitrary, (pieces) => {
      const evidence = pieces.map(({ kind, cluster, factCount, isAlias, hasCue }) =>
        kind === 'shared_terms'
          ? piece(kind, { terms: ['alpha', 'beta', 'gamma'] }, cluster)
          : piece(
              kind as 'named' | 'mention',
              { name: 'water', factCount, isAlias, ...(hasCue ? { cue: 'needs' } : {}) },
              cluster,
            ),
      )
      const judged = judge(evidence)
      expect(judged.scoreMillionths).toBeGreaterThanOrEqual(0)
      expect(judged.scoreMillionths).toBeLessThanOrEqual(1_000_000)
      expect(judge([...evidence].reverse())).toEqual(judged)
    }),
  )
})

test('of two opposite edges the better is kept, and of equal ones the same whichever comes first', () => {
  const there = judge([piece('named', RARE)])
  const back = { ...there, srcConceptId: 'con_b', dstConceptId: 'con_a' }
  expect(betterOf(there, back)).toBe(betterOf(back, there))
  expect(betterOf(there, { ...back, scoreMillionths: 900_000 }).srcConceptId).toBe('con_b')
})
