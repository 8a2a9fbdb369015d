/** The commands that people read with, called as the command line calls them. */
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { auditCommand } from '../../src/commands/audit.ts'
import type { CommandOptions, CommandSpec } from '../../src/commands/command.ts'
import { exportCommand } from '../../src/commands/export.ts'
import { healthCommand } from '../../src/commands/health.ts'
import { inspectCommand } from '../../src/commands/inspect.ts'
import { quarantineCommand } from '../../src/commands/quarantine.ts'
import { spendCommand } from '../../src/commands/spend.ts'
import { statusCommand } from '../../src/commands/status.ts'
import { fakeContext } from '../support/fake-context.ts'
import type { HandMade } from '../support/hand-made-workspace.ts'
import { FIELD_TAG, makeMergedWorkspace } from '../support/merged-workspace.ts'

let world: HandMade
beforeEach(async () => {
  world = await makeMergedWorkspace()
  world.setAside('ring-1', [{ code: 'keep_empty', at: 'members', message: 'nothing kept' }], '{"members":[]}')
})
afterEach(() => world.remove())

async function call(
  spec: CommandSpec,
  args: readonly string[],
  options: CommandOptions = {},
  wantsJson = false,
) {
  const { context, printed, said } = fakeContext(world.workspace.dir, { wantsJson })
  const exitCode = await spec.run(args, options, context)
  return { exitCode, printed: printed.join('\n'), said: said.join('\n') }
}

const everyCommand: readonly (readonly [CommandSpec, readonly string[]])[] = [
  [statusCommand, []],
  [spendCommand, ['show']],
  [auditCommand, []],
  [quarantineCommand, ['ls']],
  [quarantineCommand, ['show']],
  [inspectCommand, ['heat-1']],
  [inspectCommand, ['shard:0']],
  [healthCommand, []],
  [healthCommand, [FIELD_TAG]],
]

test.each(everyCommand)(
  '$name prints one JSON document with --json, and text without',
  async (spec, args) => {
    const json = await call(spec, args, {}, true)
    expect(json.exitCode).toBe(0)
    expect(() => JSON.parse(json.printed)).not.toThrow()
    const text = await call(spec, args)
    expect(text.printed).not.toBe('')
    expect(() => JSON.parse(text.printed)).toThrow(SyntaxError)
  },
)

test('status has a row for each shard and one for all', async () => {
  const { printed } = await call(statusCommand, [])
  const rows = printed.split('\n').slice(-3)
  expect(rows.map((row) => row.split(/\s+/)[0])).toEqual(['0', '1', 'all'])
  expect(rows[2]).toMatch(/^all\s+3\s+0\s+0\s+2\s+1\s+0/)
})

test('a missing shard ends status with 7 and audit with 1, after all that could be read', async () => {
  rmSync(world.workspace.shardPath(0))
  const status = await call(statusCommand, [])
  expect(status.exitCode).toBe(7)
  expect(status.printed).toContain('shard_missing')
  expect(status.printed).toMatch(/^1\s/m)
  expect((await call(auditCommand, [])).exitCode).toBe(1)
})

test('a case is shown with facts on the left, the answer on the right and what failed below', async () => {
  const { printed } = await call(quarantineCommand, ['show'])
  expect(printed).toMatch(/\[0\] A ring has a zero\..*│/)
  expect(printed).toMatch(/│.*"members": \[\]/)
  expect(printed).toMatch(/what failed\n {2}keep_empty at members: nothing kept/)
})

test.each([
  [quarantineCommand, ['eat'], {}],
  [quarantineCommand, ['ls'], { state: 'lost' }],
  [spendCommand, ['reconcile'], {}],
  [exportCommand, [], { format: 'sculpture' }],
  [healthCommand, ['../x'], {}],
] as const)('%# what is not known is refused with what is', async (spec, args, options) => {
  await expect(call(spec, args, options)).rejects.toMatchObject({ code: 'usage' })
})

test('spend adds up to what status says, and what is unsettled is told apart', async () => {
  world.send('ring-1', 900)
  const { totals } = JSON.parse((await call(spendCommand, ['show'], {}, true)).printed)
  const status = JSON.parse((await call(statusCommand, [], {}, true)).printed)
  expect(totals.microUsd).toBe(status.totals.microUsd)
  expect(totals.unsettledMicroUsd).toBe(900)
})

test('without a field, health and export say that there is none', async () => {
  rmSync(world.workspace.currentDir, { recursive: true })
  await expect(call(healthCommand, [])).rejects.toMatchObject({ code: 'field_missing' })
  await expect(call(exportCommand, [])).rejects.toMatchObject({ code: 'field_missing' })
})

test('inspect shows no escape sequence of a fact', async () => {
  world.changeCorpus((db) =>
    db.prepare("UPDATE facts SET text = 'red ' || char(27) || '[31m' WHERE fact_id = 'heat-1'").run(),
  )
  const { printed } = await call(inspectCommand, ['heat-1'])
  expect(printed).toContain('red \\u{1b}[31m')
})
