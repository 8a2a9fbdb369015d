/** The same plan seen by a pipe, a terminal and a program. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type CommandEvent, commandEventSchema } from '../../schemas/event.ts'
import type { CommandContext } from '../../src/commands/command.ts'
import { planCommand } from '../../src/commands/plan.ts'
import { fakeContext } from '../support/fake-context.ts'
import { newFolder } from '../support/folder.ts'

const FACTS = new URL('../../demo/facts.jsonl', import.meta.url).pathname

/** A clock that is six seconds further at each look, so that nothing is too soon to be told. */
async function planned(more: Partial<CommandContext>) {
  const written: string[] = []
  const events: CommandEvent[] = []
  let nowMs = 0
  const context: CommandContext = {
    ...fakeContext(join(newFolder(), 'ws'), { wantsJson: more.wantsJson ?? false }).context,
    nowMs: () => (nowMs += 6_000),
    write: (text) => void written.push(text),
    emit: (event) => void events.push(event),
    ...more,
  }
  await planCommand.run([FACTS], { shards: '2' }, context)
  return { written, events }
}

const STEPS = ['intake', 'read', 'index', 'search', 'shards']

test('a pipe gets plain lines, with how much of each step is done', async () => {
  const { written } = await planned({})
  expect([...new Set(written.map((line) => line.split(':')[0]))]).toEqual(STEPS)
  expect(written.find((line) => line.startsWith('shards: 1'))).toBe('shards: 1 of 2, 50.0 %\n')
})

test('a terminal is written over, and left as if nothing had stood there', async () => {
  const { written } = await planned({ isTerminal: true })
  expect(written.every((text) => text.startsWith('\r\u001b[2K'))).toBe(true)
  expect(written.at(-1)).toBe('\r\u001b[2K')
})

test('a program gets an event a step, and no text', async () => {
  const { written, events } = await planned({ wantsJson: true })
  expect(written).toEqual([])
  for (const event of events) expect(() => commandEventSchema.parse(event)).not.toThrow()
  const steps = events.flatMap((event) => (event.event === 'step' ? [event.step] : []))
  expect([...new Set(steps)]).toEqual(STEPS)
})
