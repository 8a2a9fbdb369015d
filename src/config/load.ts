/** Settings: defaults < rff.toml < environment < flags; parsed once, frozen. The only place that reads the environment. */
import { existsSync, readFileSync } from 'node:fs'
import { parse, TomlError } from 'smol-toml'
import * as z from 'zod'
import { unreadable } from '../../schemas/as-failure.ts'
import { type Config, configSchema } from '../../schemas/config.ts'
import { RffError } from '../../schemas/failure.ts'
import { nearest } from '../language/nearest.ts'
import { readKeysFile } from '../llm/keys-file.ts'
import { resolveTiers } from './resolve-tiers.ts'

/** Settings as given, part by part: `{ run: { threads: 2 } }`. */
export type PartialSettings = { readonly [key: string]: unknown }

/** `RFF_RUN__THREADS=2` sets `run.threads`, `RFF_GATES__OK_RATE__LIMIT=0.9` sets `gates.ok_rate.limit`. */
const ENV_PREFIX = 'RFF_'

/**
 * @param configPath a file that must be there if it was named
 * @param flags what the command line set, and nothing it did not
 * @throws RffError config_invalid with all faults at once
 */
export function loadConfig(
  configPath: string | undefined,
  defaultPath: string,
  flags: PartialSettings,
): Config {
  const path = configPath ?? (existsSync(defaultPath) ? defaultPath : undefined)
  const inFile = path === undefined ? {} : readToml(path)
  const given = [inFile, fromEnvironment(process.env, inFile), flags].reduce(mergeDeep)
  const parsed = configSchema.safeParse(given, { reportInput: true })
  if (!parsed.success) throw new RffError('config_invalid', parsed.error.issues.map(explain).join('\n'))
  return deepFreeze(resolveTiers(parsed.data))
}

/**
 * The environment, for those who need single variables of it (the providers' keys), with what RFF_KEYS_FILE adds.
 *
 * @throws RffError as readKeysFile does
 */
export function environment(): Record<string, string> {
  const given = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  const { RFF_KEYS_FILE: path } = process.env
  return { ...(path === undefined || path === '' ? {} : readKeysFile(path)), ...Object.fromEntries(given) }
}

function readToml(path: string): PartialSettings {
  if (!existsSync(path)) throw new RffError('input_not_found', `there is no settings file at ${path}`)
  try {
    return parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    if (cause instanceof TomlError)
      throw new RffError('config_invalid', `${path}: ${cause.message}`, { cause })
    throw unreadable('the settings file', path, cause)
  }
}

/** Merged as all settings are, one by one: keys of an object itself alone, or `constructor` would be everybody's. */
function fromEnvironment(env: NodeJS.ProcessEnv, inFile: PartialSettings): PartialSettings {
  return Object.entries(env)
    .filter(([name, value]) => name.startsWith(ENV_PREFIX) && name.includes('__') && value !== undefined)
    .map(([name, value = '']) => {
      const path = pathOf(name.slice(ENV_PREFIX.length).split('__'), inFile)
      return path.reduceRight<unknown>((below, part) => ({ [part]: below }), asScalar(value))
    })
    .filter(isRecord)
    .reduce(mergeDeep, {})
}

/** What the settings name is written in one way; what users, providers and gates name, such as ollama_cloud, as it is. */
function pathOf([section = '', ...parts]: readonly string[], inFile: PartialSettings): string[] {
  const shape: Partial<Record<string, z.ZodType>> = configSchema.shape
  const key = camelCase(section)
  const schema = shape[key]
  const isListOfNames = schema instanceof z.ZodDefault && schema.unwrap() instanceof z.ZodRecord
  const first = isListOfNames ? (name: string) => nameIn(inFile[key], name.toLowerCase()) : camelCase
  return [key, ...parts.map((part, at) => (at === 0 ? first(part) : camelCase(part)))]
}

/** Variables are written in capitals, so a name is the one that the file has, however that is written. */
const nameIn = (section: unknown, lower: string): string =>
  Object.keys(isRecord(section) ? section : {}).find((name) => name.toLowerCase() === lower) ?? lower

const camelCase = (name: string): string =>
  name.toLowerCase().replace(/_([a-z])/g, (_, letter) => letter.toUpperCase())

function asScalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}

function mergeDeep(base: PartialSettings, over: PartialSettings): PartialSettings {
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue
    const below = Object.hasOwn(merged, key) ? merged[key] : undefined
    // A section that the file sets to something else is a fault to tell, not to hide under a flag.
    if (isRecord(value) && below !== undefined && !isRecord(below)) continue
    merged[key] = isRecord(below) && isRecord(value) ? mergeDeep(below, value) : value
  }
  return merged
}

const isRecord = (value: unknown): value is PartialSettings =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function explain(issue: z.core.$ZodIssue): string {
  const at = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') return explainValue(issue, at)
  return issue.keys
    .map((key) => {
      const known = knownKeysAt(issue.path)
      const guess = nearest(key, known) ?? inOtherSection(key)
      const help =
        guess !== undefined
          ? `; did you mean ${guess}?`
          : known.length === 0
            ? ''
            : `; there are ${known.join(', ')}`
      return `${[...issue.path, key].join('.')}: there is no such setting${help}`
    })
    .join('\n')
}

/** A text is only shown where a few words are expected: in any other place it may be a key. */
function explainValue(issue: z.core.$ZodIssue, at: string): string {
  const found = issue.input
  if (issue.code === 'invalid_value' && typeof found === 'string') {
    const choices = issue.values.map(String)
    const guess = nearest(found, choices)
    return `${at} is ${JSON.stringify(found)}, expected one of ${choices.join(', ')}${guess === undefined ? '' : `; did you mean ${guess}?`}`
  }
  const shown = typeof found === 'number' || typeof found === 'boolean' ? ` is ${found}` : ''
  return `${at}${shown}: ${issue.message.replace(/^Invalid input: /, '')}`
}

/** @returns the whole name of a setting that was written outside of its section */
function inOtherSection(key: string): string | undefined {
  const names = Object.entries(configSchema.parse({})).flatMap(([section, settings]) =>
    isRecord(settings) ? Object.keys(settings).map((name) => ({ name, whole: `${section}.${name}` })) : [],
  )
  const guess = nearest(
    key,
    names.map(({ name }) => name),
  )
  return names.find(({ name }) => name === guess)?.whole
}

/** The keys that the schema knows beside an unknown one. */
function knownKeysAt(path: readonly PropertyKey[]): string[] {
  let at: unknown = configSchema.parse({})
  for (const part of path) at = isRecord(at) ? at[String(part)] : undefined
  return isRecord(at) ? Object.keys(at) : []
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) deepFreeze(part)
    Object.freeze(value)
  }
  return value
}
