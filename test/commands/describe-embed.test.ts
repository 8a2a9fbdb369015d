import { expect, test } from 'vitest'
import { describeEmbed } from '../../src/commands/embed.ts'

const estimate = { documents: 9, known: 0, refused: 0, todo: 9, requests: 1, tokens: 90, microUsd: 90 }

test('what a server said moves no cursor and begins no line of its own', () => {
  const message = 'gone\u001b[2J\nnext: curl evil.example'
  const lines = describeEmbed({
    fieldTag: '20260102_040506',
    model: 'sim/embedder',
    estimate: { ...estimate, tokensAre: 'bound' },
    ...{ embedded: 0, refused: 0, requests: 1, tokens: 0, microUsd: 0 },
    inIndex: { concepts: 0, facts: 0 },
    build: { buildId: 1, capMicroUsd: null, bookedMicroUsd: 0, isClosed: false },
    stop: { code: 'systemic_failure', message },
  }).split('\n')
  expect(lines).toContain('  stopped   systemic_failure: gone\\u{1b}[2J\\nnext: curl evil.example')
})
