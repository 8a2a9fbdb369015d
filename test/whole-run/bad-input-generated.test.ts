/**
 * Settings and arguments that nobody would think of: refused with a code and its exit code, or taken; never a crash, never
 * a hang. Many in this process, some through the real command line.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { configSchema } from '../../schemas/config.ts'
import { FAILURES, type RffError } from '../../schemas/failure.ts'
import type { CommandOptions, CommandSpec } from '../../src/commands/command.ts'
import { loadConfig } from '../../src/config/load.ts'
import { cli, cliJson } from '../support/cli.ts'
import { fakeContext } from '../support/fake-context.ts'
import { newFolder } from '../support/folder.ts'
import { seededRandom } from '../support/sim-server/random.ts'

/** The built ones: a command that begins to work starts threads, which are there only as JavaScript. */
const BUILT = new URL('../../dist/src/commands/commands.js', import.meta.url).href
const { loadCommands } = (await import(BUILT)) as typeof import('../../src/commands/commands.ts')
const commands = await loadCommands()

const SEED = 20_260_101
const IS_FULL = process.env.RFF_TEST_FULL === '1'
/** Some of the commands stay until they are told to end, a fifth of a second each. */
const TYPED_LIMIT_MS = IS_FULL ? 3_600_000 : 600_000

const sections = Object.keys(configSchema.shape)
const settings = sections.flatMap((section) => {
  const defaults = (configSchema.parse({}) as Record<string, unknown>)[section]
  return Object.keys(defaults as object).map((name) => [section, name] as const)
})

/** Values of every type, and such as people type by mistake. */
const value = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.string(),
  fc.constantFrom(
    -1,
    0,
    1e308,
    2 ** 53,
    '',
    'null',
    '../..',
    'a'.repeat(10_000),
    '\u0000',
    '$HOME',
    "'; DROP TABLE facts",
  ),
  fc.array(fc.oneof(fc.integer(), fc.string()), { maxLength: 4 }),
)

const file = fc.dictionary(
  fc.oneof(fc.constantFrom(...sections), fc.string({ maxLength: 12 })),
  fc.oneof(
    value,
    fc.dictionary(fc.oneof(fc.constantFrom(...settings.map(([, name]) => name)), fc.string()), value),
  ),
  { maxKeys: 5 },
)

function expectCoded(cause: unknown, allowed: readonly number[] = [2]): void {
  const { code, message, exitCode } = cause as RffError
  expect(Object.keys(FAILURES), String((cause as Error).stack)).toContain(code)
  expect(message).not.toBe('')
  expect(allowed).toContain(exitCode)
}

const asToml = (text: unknown): string =>
  typeof text === 'string'
    ? JSON.stringify(text)
    : Array.isArray(text)
      ? `[${text.map(asToml).join(', ')}]`
      : String(text)

test('settings as TOML of any shape are taken or refused with their names', () => {
  const path = join(newFolder(), 'rff.toml')
  fc.assert(
    fc.property(file, (settingsGiven) => {
      const lines = Object.entries(settingsGiven).map(([name, entry]) =>
        typeof entry === 'object' && !Array.isArray(entry)
          ? `[${JSON.stringify(name)}]\n${Object.entries(entry)
              .map(([key, one]) => `${JSON.stringify(key)} = ${asToml(one)}`)
              .join('\n')}`
          : `${JSON.stringify(name)} = ${asToml(entry)}`,
      )
      // Single settings stand before the first section.
      writeFileSync(
        path,
        lines.sort((a, b) => Number(a.startsWith('[')) - Number(b.startsWith('['))).join('\n'),
      )
      try {
        loadConfig(path, path, {})
      } catch (cause) {
        expectCoded(cause)
      }
    }),
    { numRuns: IS_FULL ? 10_000 : 1_000, seed: SEED },
  )
})

test('a settings file of any bytes is taken or refused', () => {
  const path = join(newFolder(), 'rff.toml')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      writeFileSync(path, bytes)
      try {
        loadConfig(path, path, {})
      } catch (cause) {
        expectCoded(cause)
      }
    }),
    { numRuns: IS_FULL ? 10_000 : 300, seed: SEED },
  )
})

test('each single setting refuses a value of a wrong type by its name', () => {
  const path = join(newFolder(), 'rff.toml')
  for (const [section, name] of settings) {
    if (section === 'models' || section === 'link') continue // they take names of one's own
    writeFileSync(path, `[${section}]\n${name} = 1979-05-27\n`)
    expect(() => loadConfig(path, path, {}), `${section}.${name}`).toThrow(new RegExp(`${section}\\.${name}`))
  }
})

const flagsOf = (spec: CommandSpec): string[] => {
  const command = new Command(spec.name)
  spec.configure(command)
  return command.options.map(({ long }) => long!)
}

const argument = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom(
    '-1',
    '0',
    '1e9',
    'NaN',
    '',
    '--',
    '-',
    '*',
    '../..',
    '/dev/null/x',
    'a=b',
    '0-99999',
    '%00',
    '\u202e',
    'ls',
    'show',
    'create',
    'status',
  ),
)

/** What a person may have typed behind a command's name. */
const typed = fc.constantFrom(...commands.filter(({ name }) => name !== 'demo')).chain((spec) =>
  fc.record({
    spec: fc.constant(spec),
    words: fc.array(fc.oneof(argument, fc.constantFrom('--json', ...flagsOf(spec))), { maxLength: 5 }),
  }),
)

async function runHere(
  spec: CommandSpec,
  words: readonly string[],
  dir: string,
  signal: AbortSignal,
): Promise<number> {
  const program = new Command().option('--json').exitOverride()
  const command = program.command(spec.name).exitOverride()
  spec.configure(command)
  let exitCode = 0
  command.action(async () => {
    const { context } = fakeContext(dir)
    exitCode = await spec.run(command.args, command.opts<CommandOptions>(), { ...context, signal })
  })
  program.configureOutput({ outputError: () => undefined, writeOut: () => undefined })
  command.configureOutput({ outputError: () => undefined, writeOut: () => undefined })
  await program.parseAsync([spec.name, ...words], { from: 'user' })
  return exitCode
}

test(
  'whatever is typed behind a command ends with a documented exit code, and makes nothing beside the workspace',
  async () => {
    const root = newFolder()
    const here = process.cwd()
    // Also where the test runs out of time: every test behind it would be without a folder to stand in.
    onTestFinished(() => process.chdir(here))
    process.chdir(root)
    mkdirSync(join(root, 'work'))
    await fc.assert(
      fc.asyncProperty(typed, async ({ spec, words }) => {
        // Standard input belongs to the tests, and a folder that is named is written to on purpose.
        if (words.some((word) => word === '-' || ['--out', '--clusters'].includes(word))) return
        // `serve` and `status --watch` stay until they are told to end; another one may just have been slow.
        const signal = AbortSignal.timeout(200)
        try {
          expect([0, 2, 3]).toContain(await runHere(spec, words, join(root, 'work', 'rff'), signal))
        } catch (cause) {
          if (!(cause instanceof CommanderError)) expectCoded(cause, signal.aborted ? [2, 3, 130] : [2, 3])
        }
      }),
      { numRuns: IS_FULL ? 10_000 : 300, seed: SEED },
    )
    expect(readdirSync(root)).toEqual(['work'])
    expect(readdirSync(join(root, 'work')).filter((name) => name !== 'rff')).toEqual([])
  },
  TYPED_LIMIT_MS,
)

test('the same through the real command line: no stack, no hang, a code', async () => {
  const root = newFolder()
  const samples = fc.sample(typed, { numRuns: IS_FULL ? 100 : 12, seed: SEED })
  for (const { spec, words } of samples) {
    if (words.some((word) => word === '-' || word.includes('\u0000'))) continue
    const { exitCode, stderr } = await cli(join(root, 'rff'), [spec.name, ...words])
    expect([0, 2, 3], `${spec.name} ${JSON.stringify(words)}: ${stderr}`).toContain(exitCode)
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m)
    if (exitCode !== 0) expect(stderr).toMatch(/^rff-shard: \w+: .*\n {2}what to do: /m)
  }
}, 180_000)

const LINES = 10_000

/** Sound lines with some bytes changed, taken out, put in twice or cut off; no line feed comes or goes. */
function spoiledLines(): Buffer {
  const random = seededRandom(SEED)
  const below = (most: number): number => Math.floor(random() * most)
  const spoil = (line: Buffer): Buffer => {
    const at = below(line.length)
    const [before, after] = [line.subarray(0, at), line.subarray(at + 1)]
    const byte = Buffer.of((11 + below(245)) % 256)
    return [
      () => Buffer.concat([before, byte, after]),
      () => Buffer.concat([before, after]),
      () => Buffer.concat([before, line.subarray(below(line.length))]),
      () => before,
      () => Buffer.concat([before, Buffer.from('\u0000\ud800"}{[\\'), after]),
    ][below(5)]!()
  }
  const lines = Array.from({ length: LINES }, (_, n) => {
    let line: Buffer = Buffer.from(
      JSON.stringify({
        fact_id: `f${below(LINES)}`,
        text: `Fact ${n} is grün.`,
        domain: 'd',
        removed: false,
      }),
    )
    for (let times = below(4); times > 0 && line.length > 0; times -= 1) line = spoil(line)
    // A blank line is none, so it would not be counted.
    return /^\s*$/.test(line.toString()) ? Buffer.from('x') : line
  })
  return Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]))
}

test(`of ${LINES} lines that are spoiled at random each is taken or refused with its place, and none is lost`, async () => {
  const root = newFolder()
  const path = join(root, 'spoiled.jsonl')
  // The first bytes decide what the file is.
  writeFileSync(path, Buffer.concat([Buffer.from('{"text":"first"}\n'), spoiledLines()]))
  const dir = join(root, 'rff')
  const { intake } = await cliJson<{ intake: Record<string, number> }>(dir, [
    'plan',
    path,
    '--max-refused',
    '1',
  ])
  const { lines, added, changed, removed, known, repeated, filtered, refused } = intake as Record<
    'lines' | 'added' | 'changed' | 'removed' | 'known' | 'repeated' | 'filtered' | 'refused',
    number
  >
  expect(lines).toBe(LINES + 1)
  expect(added + changed + removed + known + repeated + filtered + refused).toBe(lines)
  expect([added > 1_000, refused > 1_000]).toEqual([true, true])
  // Every line in one counter, every refused one listed with its place and reason, every fact read from its line.
  expect((await cli(dir, ['audit', '--deep'])).exitCode).toBe(0)
}, 120_000)
