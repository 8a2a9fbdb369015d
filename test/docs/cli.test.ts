import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { commands } from '../../src/commands/commands.ts'
import { cliReference } from '../support/docs/cli-reference.ts'
import { rffShard } from '../support/docs/rff-shard.ts'

const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8')

test('docs/cli.md is what the commands say today', () => {
  expect(page).toBe(cliReference(rffShard(['--help'], tmpdir())))
})

test.each(commands)('$name has help with its examples, and each begins with its name', (spec) => {
  const help = rffShard([spec.name, '--help'], tmpdir())
  expect(spec.examples.length).toBeGreaterThan(0)
  for (const line of spec.examples) {
    expect(help).toContain(`$ rff-shard ${line}`)
    expect(line.split(' ')).toContain(spec.name)
  }
})
