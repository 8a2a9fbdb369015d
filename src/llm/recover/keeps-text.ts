/**
 * The guard behind every recovery: the text of the answer and the text of what was read from it are the same, but
 * for syntax. It knows nothing of how the reading was done.
 */
import type { JsonNode } from './json-node.ts'
import { keepsDecimal } from './keeps-decimal.ts'
import { LITERALS } from './read-scalar.ts'

/**
 * Whether every character of the region that is neither white space nor syntax stands in the keys and values, in
 * order and unchanged, and nothing else does.
 *
 * Syntax: brackets, commas, colons, quotation marks, and the backslash of an escape. Numbers are compared as they
 * were written, and must be kept to the digit as values.
 */
export const keepsText = (region: string, node: JsonNode): boolean =>
  isFaithful(node) && bareText(decodeEscapes(region)) === bareText(writtenText(node))

/** Numbers and literals have the value that their spelling says. */
function isFaithful(node: JsonNode): boolean {
  switch (node.kind) {
    case 'object':
      return node.entries.every(([, value]) => isFaithful(value))
    case 'array':
      return node.items.every(isFaithful)
    case 'number':
      return keepsDecimal(node.source, node.value)
    case 'literal':
      return LITERALS.get(node.source) === node.value
    case 'string':
      return true
  }
}

function writtenText(node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return node.entries.map(([key, value]) => key + writtenText(value)).join('')
    case 'array':
      return node.items.map(writtenText).join('')
    case 'string':
      return node.value
    default:
      return node.source
  }
}

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|([bfnrt])|(["'\\/]))/g

/** Escapes of control characters become white space, which is not compared. */
const decodeEscapes = (region: string): string =>
  region.replace(ESCAPE, (_, code: string | undefined, control: string | undefined, plain: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
    return control === undefined ? plain : CONTROL[control]!
  })

const CONTROL: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

const bareText = (text: string): string => text.replace(/[\s{}[\],:"'“”\\]+/gu, '')
