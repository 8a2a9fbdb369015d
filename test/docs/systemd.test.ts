import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FAILURES } from '../../schemas/failure.ts'
import { newFolder } from '../support/folder.ts'

const UNITS = ['rff-shard-loop.service', 'rff-shard-loop.timer'] as const
const unit = (name: (typeof UNITS)[number]): string =>
  readFileSync(new URL(`../../docs/systemd/${name}`, import.meta.url), 'utf8')

const hasSystemd = spawnSync('systemd-analyze', ['--version'], { stdio: 'ignore' }).status === 0

test.skipIf(!hasSystemd)('systemd takes the service and the timer as they stand', () => {
  const dir = newFolder()
  const paths = UNITS.map((name) => {
    const path = join(dir, name)
    writeFileSync(path, unit(name).replace('/usr/bin/rff-shard', process.execPath)) // one that is there
    return path
  })
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', ...paths], { encoding: 'utf8' })
  expect([status, `${stdout}${stderr}`]).toEqual([0, ''])
})

test('the service is not started again after an exit that needs a person, and is after one that passes', () => {
  const prevented = /^RestartPreventExitStatus=(.*)$/m.exec(unit(UNITS[0]))![1]!.split(' ').map(Number)
  for (const code of ['loop_paused', 'gate_failed', 'config_invalid', 'budget_spent'] as const)
    expect(prevented, code).toContain(FAILURES[code].exitCode)
  for (const code of ['internal', 'window_exhausted', 'systemic_failure', 'lock_held'] as const)
    expect(prevented, code).not.toContain(FAILURES[code].exitCode)
})
