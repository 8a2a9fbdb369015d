import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadTrial, TRIAL_NAMES } from '../../bench/support/trials.ts'

const FOLDER = new URL('../../bench/trials/', import.meta.url)
const DOCS = new URL('../../docs/benchmarks.md', import.meta.url)

test('each trial is one file, and each file is run', () => {
  const files = readdirSync(FOLDER).map((file) => file.replace(/\.ts$/u, ''))
  expect([...TRIAL_NAMES].sort()).toEqual(files.sort())
})

test.each(TRIAL_NAMES)('%s goes by the name of its file and asks one question', async (name) => {
  const trial = await loadTrial(name)
  expect(trial.name).toBe(name)
  expect(trial.question).toMatch(/\?$/u)
})

test('each trial is told in docs/benchmarks.md', () => {
  const told = readFileSync(DOCS, 'utf8')
  expect(TRIAL_NAMES.filter((name) => !told.includes(`\`${name}\``))).toEqual([])
})
