/** rff.toml as it begins: every setting with its reason, range and default, none of them switched on. */
import * as z from 'zod'
import { configSchema } from '../../schemas/config.ts'
import { GATES } from '../../schemas/gate.ts'

const HEAD = `# Settings of rff-shard. Each line shows the default; take the # away to change it.
# What counts, last first: flags, environment (RFF_RUN__THREADS=2), this file, defaults.
`

/** Only what is read here of a JSON Schema. */
interface Schema {
  readonly type?: string
  readonly format?: string
  readonly description?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly enum?: readonly string[]
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
}

/** @returns TOML that sets nothing until a # is taken away */
export function settingsFile(): string {
  const { properties } = z.toJSONSchema(configSchema, { io: 'input' }) as Schema
  return [HEAD, ...Object.entries(properties!).map(([name, schema]) => sectionOf(name, schema))].join('\n')
}

function sectionOf(name: string, schema: Schema): string {
  if (name === 'gates') return gateSections(schema)
  if (schema.properties !== undefined) return `[${name}]\n\n${settingsOf(schema)}`
  const entry = schema.additionalProperties as Schema
  const about = schema.description === undefined ? '' : `# ${schema.description}\n`
  return `${about}# [${name}.NAME]\n\n${settingsOf(entry)}`
}

function settingsOf({ properties, required = [] }: Schema): string {
  const settings = Object.entries(properties!).map(([name, schema]) =>
    settingOf(name, schema, required.includes(name) ? 'needed' : 'not set'),
  )
  return settings.join('\n')
}

/** @param without what is said where there is no default */
function settingOf(name: string, schema: Schema, without: string): string {
  const notes = [schema.description, kindOf(schema), schema.default === undefined ? without : undefined]
  const about = notes.filter((note) => note !== undefined && note !== '').join('; ')
  return `# ${about}\n# ${name} = ${toml(schema.default ?? exampleOf(schema))}\n`
}

/** What the type allows, where that says more than the value itself. */
function kindOf({ type, minimum, maximum, enum: choices }: Schema): string {
  if (choices !== undefined) return `one of ${choices.join(', ')}`
  if (type === 'boolean') return 'true or false'
  if (minimum === undefined || maximum === undefined) return ''
  const isBounded = Number.isSafeInteger(maximum) && maximum < Number.MAX_SAFE_INTEGER
  if (!isBounded) return type === 'integer' ? 'a whole number' : ''
  return `${type === 'integer' ? 'a whole number' : 'a number'} from ${minimum} to ${maximum}`
}

/** Of the right type, for a setting that is off until it is set. */
function exampleOf({ type, format, minimum, enum: choices }: Schema): unknown {
  if (choices !== undefined) return choices[0]
  if (type === 'array') return ['...']
  if (format === 'uri') return 'https://example.org/'
  if (type === 'number' || type === 'integer') return Math.max(0, minimum ?? 0)
  return '...'
}

function gateSections({ description }: Schema): string {
  const gates = Object.entries(GATES).map(
    ([name, { severity, metric, bound, limitMillionths }]) =>
      `# ${metric}; ${bound.replace('_', ' ')} the limit\n# [gates.${name}]\n# severity = ${toml(severity)}\n# limit = ${limitMillionths / 1_000_000}\n`,
  )
  return [`# ${description}: info, warn or block; the limit is a share, or in bits\n`, ...gates].join('\n')
}

function toml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toml).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).map(([key, part]) => `${key} = ${toml(part)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}
