/** The same run seen by a terminal, a pipe and a program. */
import { expect, test } from 'vitest'
import { type CommandEvent, commandEventSchema } from '../../schemas/event.ts'
import type { CommandContext } from '../../src/commands/command.ts'
import { runView } from '../../src/commands/run-progress.ts'
import { fakeContext } from '../support/fake-context.ts'

function setup(more: Partial<CommandContext> = {}) {
  const written: string[] = []
  const events: CommandEvent[] = []
  let nowMs = 0
  const context: CommandContext = {
    ...fakeContext('rff', { wantsJson: more.wantsJson ?? false }).context,
    nowMs: () => nowMs,
    write: (text) => void written.push(text),
    emit: (event) => void events.push(event),
    ...more,
  }
  const view = runView(context, null)
  const counts = { ok: 0, salvaged: 0, quarantined: 0, unanswered: 0, asked: 0, reused: 0, microUsd: 0 }
  return {
    view,
    written,
    events,
    launch: () =>
      view.onLaunch({
        runId: 1,
        runTag: '20260102_030405',
        threads: 2,
        shards: [
          { shardNo: 0, todo: 100, sweep: 0 },
          { shardNo: 1, todo: 50, sweep: 10 },
        ],
        caps: { microUsd: 1_000_000, tokens: null, calls: null },
      }),
    progress(atMs: number, shardNo: number, ok: number, isOver = false) {
      nowMs = atMs
      view.onProgress({ shardNo, counts: { ...counts, ok, microUsd: ok * 100 }, isOver })
    },
  }
}

test('a pipe gets a plain line at the start and every five seconds, and no escape sequence', () => {
  const { launch, progress, written, view } = setup()
  launch()
  for (let atMs = 1_000; atMs <= 11_000; atMs += 1_000) progress(atMs, 0, atMs / 1_000)
  view.end()
  expect(written).toHaveLength(3)
  expect(written[2]).toBe('10 of 160 clusters, 100.0 % ok, 1.0 a second, $0.0010 of $1.00, 2 min 30 s left\n')
  expect(written.join('')).not.toContain('\u001b')
})

test('a terminal is written over, and left as if nothing had stood there', () => {
  const { launch, progress, written, view } = setup({ isTerminal: true })
  launch()
  progress(1_000, 0, 1)
  progress(2_000, 1, 2)
  expect(written).toHaveLength(3)
  expect(written[0]).toMatch(/^all/)
  expect(written[1]!.startsWith('\r\u001b[J0000')).toBe(true) // one line stood there
  expect(written[2]!.startsWith('\r\u001b[1A\u001b[J0000')).toBe(true) // two lines
  expect(written[2]).toContain('\n0001')
  view.end()
  expect(written[3]).toBe('\r\u001b[2A\u001b[J')
})

test('a program gets a launch and progress that fit their schema, and nothing else on the way', () => {
  const { launch, progress, written, events } = setup({ wantsJson: true, isTerminal: true })
  launch()
  progress(6_000, 0, 6)
  expect(written).toEqual([])
  for (const event of events) expect(() => commandEventSchema.parse(event)).not.toThrow()
  expect(events.map(({ event }) => event)).toEqual(['launch', 'progress', 'progress'])
  expect(events[2]).toMatchObject({
    done: 6,
    todo: 154,
    ok_rate: 1,
    clusters_per_second: 1,
    left_ms: 154_000,
  })
})

test('a phase that begins anew adds to the one before, and a shard that is over has no line', () => {
  const { launch, progress, events } = setup({ wantsJson: true })
  launch()
  progress(6_000, 1, 50, true)
  progress(12_000, 1, 3)
  progress(18_000, 0, 7)
  progress(24_000, 1, 10, true)
  expect(
    events.map((event) => (event.event === 'progress' ? [event.done, event.active_shards] : [])),
  ).toEqual([[], [0, []], [50, []], [53, [1]], [60, [0, 1]], [67, [0]]])
})

test('with --quiet nothing is shown', () => {
  const { launch, progress, written } = setup({ isQuiet: true })
  launch()
  progress(6_000, 0, 6)
  expect(written).toEqual([])
})
