import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'smol-toml'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { configSchema } from '../../schemas/config.ts'
import { GATES } from '../../schemas/gate.ts'
import { initCommand } from '../../src/commands/init.ts'
import { settingsFile } from '../../src/commands/settings-file.ts'
import { fakeContext } from '../support/fake-context.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rff-init-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

/** Every `# name = value` line switched on, with what stands above it. */
const settings = settingsFile()
  .split('\n')
  .flatMap((line, at, lines) =>
    /^# \w+ = /.test(line) ? [{ line: line.slice(2), about: lines[at - 1]! }] : [],
  )

const defaults = configSchema.parse({})

test('the file as it is written changes nothing', () => {
  expect(configSchema.parse(parse(settingsFile()))).toEqual(defaults)
})

test('every setting that has a default stands there with it', () => {
  const switchedOn = settingsFile()
    .split('\n')
    .map((line, at, lines) =>
      /^# \w+ = /.test(line) && !/not set|needed/.test(lines[at - 1]!) ? line.slice(2) : line,
    )
    .filter((line) => !line.startsWith('# [gates') && !/^(?:severity|limit) = /.test(line))
  expect(configSchema.parse(parse(switchedOn.join('\n')))).toEqual(defaults)
  for (const section of Object.values(defaults))
    for (const name of Object.keys(section))
      expect(settings.map(({ line }) => line.split(' ')[0])).toContain(name)
})

test('every setting has a reason of its own', () => {
  for (const { line, about } of settings.filter(({ line }) => !/^(?:severity|limit) = /.test(line)))
    expect(about, line).toMatch(/^# \S.{8,}/)
})

test('each line that is switched on is taken, alone or with those that its section needs', () => {
  const lines = settingsFile().split('\n')
  const sectionAt = lines.map((_, at) => lines.findLastIndex((line, n) => n < at && /^(?:# )?\[/.test(line)))
  const isNeeded = (at: number): boolean => /^# \w+ = /.test(lines[at]!) && lines[at - 1]!.includes('needed')
  for (const [at, line] of lines.entries()) {
    if (!/^# \w+ = /.test(line) || line.includes('baseUrl')) continue // three dots are no address
    const section = sectionAt[at]!
    const needed = lines.filter((other, n) => other !== line && sectionAt[n] === section && isNeeded(n))
    const text = [
      lines[section]!.replace('# ', ''),
      line.slice(2),
      ...needed.map((one) => one.slice(2)),
    ].join('\n')
    expect(configSchema.safeParse(parse(text)), text).toMatchObject({ success: true })
  }
})

test('every gate stands there with its limit', () => {
  for (const [name, { limitMillionths }] of Object.entries(GATES)) {
    const lines = settingsFile().split('\n')
    const at = lines.indexOf(`# [gates.${name}]`)
    expect(Number(lines[at + 2]!.split('= ')[1])).toBe(limitMillionths / 1_000_000)
  }
})

test('a file that is there is not overwritten', async () => {
  const path = join(dir, 'rff.toml')
  writeFileSync(path, '# mine')
  await expect(initCommand.run([], {}, fakeContext(dir).context)).rejects.toMatchObject({
    code: 'file_exists',
  })
  expect(readFileSync(path, 'utf8')).toBe('# mine')
})

test('the folder is made where it is missing', async () => {
  const workspaceDir = join(dir, 'new', 'rff')
  expect(await initCommand.run([], {}, fakeContext(workspaceDir).context)).toBe(0)
  expect(readFileSync(join(workspaceDir, 'rff.toml'), 'utf8')).toBe(settingsFile())
})
