import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { newFolder } from '../support/folder.ts'

afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('RFF_')) delete process.env[name]
})

function withFile(toml: string): string {
  const path = join(newFolder(), 'rff.toml')
  writeFileSync(path, toml)
  return path
}

test('flags overrule the environment, which overrules the file, which overrules the defaults', () => {
  const path = withFile('[run]\nthreads = 2\ninFlight = 3\ndeadlineMs = 4000\n')
  process.env.RFF_RUN__IN_FLIGHT = '5'
  process.env.RFF_RUN__DEADLINE_MS = '6000'
  const { run } = loadConfig(path, path, { run: { deadlineMs: 7_000, threads: undefined } })
  expect([run.threads, run.inFlight, run.deadlineMs, run.transportTries]).toEqual([2, 5, 7_000, 6])
})

test('the environment names gates and providers as the settings file does', () => {
  process.env.RFF_GATES__OK_RATE__LIMIT = '0.5'
  process.env.RFF_PROVIDERS__OLLAMA_CLOUD__BASE_URL = 'http://127.0.0.1:9/v1'
  const { gates, providers } = loadConfig(undefined, 'missing.toml', {})
  expect([gates, Object.keys(providers), providers.ollama_cloud?.baseUrl]).toEqual([
    { ok_rate: { limit: 0.5 } },
    ['ollama_cloud'],
    'http://127.0.0.1:9/v1',
  ])
})

test('a variable sets a name of the file, however the file writes it', () => {
  const path = withFile(
    '[providers.MyProxy]\nbaseUrl = "http://127.0.0.1:9/v1"\n[gates.ok_rate]\nlimit = 0.4\n',
  )
  process.env.RFF_PROVIDERS__MYPROXY__KEY_VARIABLE = 'PROXY_KEY'
  process.env.RFF_GATES__OK_RATE__SEVERITY = 'warn'
  const { gates, providers } = loadConfig(path, path, {})
  expect([gates, providers]).toEqual([
    { ok_rate: { limit: 0.4, severity: 'warn' } },
    { MyProxy: expect.objectContaining({ baseUrl: 'http://127.0.0.1:9/v1', keyVariable: 'PROXY_KEY' }) },
  ])
})

test('a variable that names what every object has is an unknown setting, and changes nothing else', () => {
  const keysOf = Object.keys
  process.env.RFF_CONSTRUCTOR__KEYS = '1'
  try {
    expect(() => loadConfig(undefined, 'missing.toml', {})).toThrow(/constructor: there is no such setting/)
    expect(Object.keys).toBe(keysOf)
  } finally {
    Object.keys = keysOf
  }
})

test('a variable below a value changes nothing, whichever of the two comes first', () => {
  const variables = [
    ['RFF_RUN__THREADS', '2'],
    ['RFF_RUN__THREADS__MOST', '3'],
  ] as const
  for (const inOrder of [variables, variables.toReversed()]) {
    for (const [name] of variables) delete process.env[name]
    for (const [name, value] of inOrder) process.env[name] = value
    expect(loadConfig(undefined, 'missing.toml', {}).run.threads).toBe(2)
  }
})

test('all faults are told at once, with the nearest known setting', () => {
  const path = withFile('[run]\nthread = 2\ninFlight = "many"\n[plan]\nshards = 0\n')
  expect(() => loadConfig(path, path, {})).toThrow(
    /did you mean threads\?[\s\S]*run\.inFlight|run\.inFlight[\s\S]*did you mean threads\?/,
  )
  expect(() => loadConfig(path, path, {})).toThrow(/plan\.shards/)
})

test('a file that was named must be there', () => {
  expect(() => loadConfig('/nowhere/rff.toml', 'rff.toml', {})).toThrow(
    /no settings file at \/nowhere\/rff\.toml/,
  )
})

test('a file that is not TOML is refused with its place', () => {
  const path = withFile('[run\n')
  expect(() => loadConfig(path, path, {})).toThrow(/rff\.toml/)
})

test('settings cannot be changed after they were read', () => {
  const config = loadConfig(undefined, 'missing.toml', {})
  expect(() => Object.assign(config.run, { threads: 9 })).toThrow(TypeError)
})
