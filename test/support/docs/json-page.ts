/** docs/json.md: what every command prints with --json, made from the schemas that a test holds it against. */
import * as z from 'zod'
import { commandEventSchema } from '../../../schemas/event.ts'
import { errorSchema } from '../../../schemas/output/error.ts'
import { OUTPUTS } from '../../../schemas/output/outputs.ts'

export function jsonPage(): string {
  const rows = Object.entries(OUTPUTS).map(([name, { as, schema }]) => [
    `\`${name}\``,
    as === 'document' ? 'one document' : 'lines',
    keysOf(z.toJSONSchema(schema) as Shape),
  ])
  const events = commandEventSchema.options.map((schema) => {
    const { properties = {} } = z.toJSONSchema(schema) as Shape
    const { event, ...others } = properties
    return [`\`${event!.const}\``, keyList(Object.keys(others))]
  })
  return `${[
    '# What programs read',
    'Made from the schemas by `npm run docs`; a test compares.',
    'With `--json` a command prints data on stdout and nothing else: one JSON document on one line, or a line for each of many objects. The schemas are in `schemas/output/`; `test/commands/json.test.ts` runs every command of this list and holds what it prints against its schema, where a key too many is a fault like one too few.',
    'A name that ends in a unit is in that unit: `Ms` and `_ms` are milliseconds (`atMs` since 1970), `microUsd` and `micro_usd` millionths of a dollar, `Millionths` millionths, `bytes` bytes. A ratio runs from 0 to 1.',
    tableOf(['command', 'prints', 'with'], rows),
    '## Errors',
    `Where a command fails, stdout has ${keyList(['error'])} with ${keyList(Object.keys(errorSchema.shape.error.shape))}: what happened, with what was found and what was expected; what to do; and what the process ends with. [errors.md](errors.md) lists the codes. A command that did what it could and set a part aside prints its data and ends with 7.`,
    '## Events',
    'What happens on the way stands on stderr, an object a line, `event` first:',
    tableOf(['event', 'with'], events),
  ].join('\n\n')}\n`
}

interface Shape {
  readonly type?: string
  readonly const?: string
  readonly properties?: Readonly<Record<string, Shape>>
  readonly items?: Shape
  readonly anyOf?: readonly Shape[]
  readonly oneOf?: readonly Shape[]
}

/** The outermost keys; of several kinds of object each its own. */
function keysOf({ properties, items, anyOf, oneOf }: Shape): string {
  const kinds = anyOf ?? oneOf
  if (kinds !== undefined) return kinds.map(keysOf).join('; or ')
  if (items !== undefined) return `a list, each with ${keysOf(items)}`
  const { kind, ...others } = properties ?? {}
  const names = keyList(Object.keys(others))
  return kind?.const === undefined ? names : `\`kind\` \`${kind.const}\`, ${names}`
}

const keyList = (keys: readonly string[]): string => keys.map((key) => `\`${key}\``).join(', ')

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
