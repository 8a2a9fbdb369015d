/** What is mistyped is told with what was found, what was expected and the nearest right word; nothing is begun. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FAILURES, failureCodes } from '../../schemas/failure.ts'
import { errorSchema } from '../../schemas/output/error.ts'
import { commandNames } from '../../src/commands/commands.ts'
import { verbOf } from '../../src/commands/verb.ts'
import { nearest } from '../../src/language/nearest.ts'
import { cli } from '../support/cli.ts'
import { newFolder } from '../support/folder.ts'

const settings =
  'shards = 3\ntheads = 2\n[pln]\n[run]\ninFlight = 0\nthreds = 1\n[expand]\nscope = "corpsu"\n'

test.each([
  ['pln', 'there is no command pln; did you mean plan?'],
  ['plan facts.jsonl --shrads 3', 'there is no option --shrads of plan; did you mean --shards?'],
  ['--wokspace x status', 'there is no option --wokspace; did you mean --workspace?'],
  ['quarantine acept', 'not acept; did you mean quarantine accept?'],
  ['quarantine', 'quarantine needs <verb>: ls, show, retry, accept, review, correct, export'],
  ['inspect', 'inspect needs <id>: a fact, clu_'],
  [
    'export --format prquet',
    '--format is prquet, expected one of jsonl, parquet, graphml, csv; did you mean parquet?',
  ],
  ['plan --shards 0 facts.jsonl', '--shards is 0, expected a whole number from 1 to 8192'],
])('%s: %s', async (line, expected) => {
  const { stdout, stderr, exitCode } = await cli(newFolder(), ['--json', ...line.split(' ')])
  expect(exitCode).toBe(2)
  const { error } = errorSchema.parse(JSON.parse(stdout))
  expect(error).toMatchObject({ code: 'usage', exitCode: 2 })
  expect(error.message).toContain(expected)
  expect(stderr).toContain(`what to do: ${error.hint}`)
})

test('all that is wrong with the settings is told at once, each with the nearest right name', async () => {
  const dir = newFolder()
  writeFileSync(join(dir, 'rff.toml'), settings)
  mkdirSync(join(dir, 'shards'))
  const { stdout, exitCode } = await cli(dir, ['--json', 'plan', 'facts.jsonl'])
  const { error } = errorSchema.parse(JSON.parse(stdout))
  expect([error.code, exitCode]).toEqual(['config_invalid', 2])
  expect(error.message.split('\n').sort()).toEqual([
    'expand.scope is "corpsu", expected one of domain, corpus; did you mean corpus?',
    'pln: there is no such setting; did you mean plan?',
    'run.inFlight is 0: Too small: expected number to be >=1',
    'run.threds: there is no such setting; did you mean threads?',
    'shards: there is no such setting; did you mean plan.shards?',
    'theads: there is no such setting; did you mean run.threads?',
  ])
})

test.each(commandNames)('%s with two letters swapped is still found', (name) => {
  const swapped = `${name[1]}${name[0]}${name.slice(2)}`
  expect(nearest(swapped, commandNames)).toBe(name)
})

test('a verb far from all of them gets the list and no guess', () => {
  expect(() => verbOf('spend', ['show', 'prices'], 'everything')).toThrow(
    /^spend knows show, prices, not everything$/,
  )
})

test.each(failureCodes)('%s says what to do, in a sentence that goes on after a colon', (code) => {
  const { hint } = FAILURES[code]
  expect(hint.split(' ').length).toBeGreaterThan(2)
  expect(hint).toMatch(/^(?:[a-z]|JSON|UTF)/)
  expect(hint).not.toMatch(/\.$/)
})
