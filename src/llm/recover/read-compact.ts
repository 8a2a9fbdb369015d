/**
 * The short way for what most answers are: one object, written as JSON.stringify writes it, and nothing around it.
 *
 * What comes out of JSON.parse and is written back to the same text has no key twice, no digits that a double cannot
 * hold and nothing that was mended, so reading it node by node would find the same. A fifteenth of the work on a cluster
 * (bench/trials/real-path.ts).
 */
import { MAX_DEPTH } from './reader.ts'

/** @returns undefined where the text must be read with care */
export function readCompact(text: string): object | undefined {
  // NUL and half characters are escaped with \u where JSON.stringify writes them, and must be refused by name.
  if (!text.startsWith('{') || text.includes('\\u')) return undefined
  const value = parsed(text)
  return value !== undefined && JSON.stringify(value) === text && isShallow(value, MAX_DEPTH)
    ? value
    : undefined
}

/** What is no JSON is no fault here: it may be mended, or has faults that a careful reading names. */
function parsed(text: string): object | undefined {
  try {
    return JSON.parse(text) as object
  } catch {
    return undefined
  }
}

const isShallow = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((child) => isShallow(child, levels - 1)))
