import { expect, test } from 'vitest'
import { BUCKET, type KnownLimits, WORDS, wordsToBeginWith } from '../../../src/llm/limiter/limit-words.ts'

const SECOND = 1_000_000_000n
const NOW = 5_000n * SECOND
const KNOWN: KnownLimits = { requestsPerMinute: null, tokensPerMinute: null }

/** Words of somebody who asked a moment ago and was told a limit. */
function seenBefore(agoNs: bigint, known = KNOWN): BigInt64Array {
  const words = wordsToBeginWith(null, known, NOW - agoNs)
  words[WORDS.tokens + BUCKET.perMinute] = 300_000n
  words[WORDS.hasReply] = 1n
  words[WORDS.probeAtNs] = NOW + SECOND
  words[WORDS.failuresInARow] = 20n
  words[WORDS.usedAtNs] = NOW - agoNs
  return words
}
const told = (words: BigInt64Array): bigint => words[WORDS.tokens + BUCKET.perMinute]!

test('who comes to others under a limit knows what they were told', () => {
  const words = wordsToBeginWith(seenBefore(SECOND), KNOWN, NOW)
  expect([told(words), words[WORDS.hasReply]]).toEqual([300_000n, 1n])
})

test('but finds out anew whether the server is there', () => {
  const words = wordsToBeginWith(seenBefore(SECOND), KNOWN, NOW)
  expect([words[WORDS.probeAtNs], words[WORDS.failuresInARow]]).toEqual([0n, 0n])
})

test.each([
  ['longer ago than a minute', seenBefore(61n * SECOND)],
  ['before the machine was started last', seenBefore(-SECOND)],
  ['under other settings', seenBefore(SECOND, { ...KNOWN, requestsPerMinute: 60 })],
  ['by another version', seenBefore(SECOND).slice(1)],
])('what was seen %s is forgotten', (_when, before) => {
  expect(told(wordsToBeginWith(before, KNOWN, NOW))).toBe(0n)
})
