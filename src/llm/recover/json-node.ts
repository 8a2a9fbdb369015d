/** JSON as it was written: in source order and with the spelling of each number, which a plain value forgets. */
export type JsonNode = ObjectNode | ArrayNode | StringNode | NumberNode | LiteralNode

export interface ObjectNode {
  readonly kind: 'object'
  /** No key stands twice. */
  readonly entries: readonly (readonly [key: string, value: JsonNode])[]
}

export interface ArrayNode {
  readonly kind: 'array'
  readonly items: readonly JsonNode[]
}

export interface StringNode {
  readonly kind: 'string'
  readonly value: string
}

export interface NumberNode {
  readonly kind: 'number'
  readonly source: string
  readonly value: number
}

export interface LiteralNode {
  readonly kind: 'literal'
  readonly source: string
  readonly value: boolean | null
}

/** @returns the plain value, as JSON.parse would give it */
export function plainValue(node: JsonNode): unknown {
  if (node.kind === 'array') return node.items.map(plainValue)
  if (node.kind !== 'object') return node.value
  const value: Record<string, unknown> = {}
  for (const [key, child] of node.entries) {
    // Defined, not assigned: a key named __proto__ is a key like any other.
    Object.defineProperty(value, key, {
      value: plainValue(child),
      enumerable: true,
      writable: true,
      configurable: true,
    })
  }
  return value
}
