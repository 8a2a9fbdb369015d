/** Lines under a heading, for people who read one thing at a time. */
import { printableLine } from '../language/printable.ts'

/** More of a kind than these are counted, not listed; `--json` has all of them. */
const MOST_LINES = 20

/** @returns nothing where there are no lines */
export function section(heading: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return []
  const rest = lines.length - MOST_LINES
  const more = rest > 0 ? [`  … and ${rest} more; --json has them all`] : []
  return ['', heading, ...lines.slice(0, MOST_LINES).map((line) => `  ${printableLine(line)}`), ...more]
}

/** Names and values in two columns; what is null is left out. */
export function properties(pairs: readonly (readonly [string, string | number | null])[]): string[] {
  const known = pairs.filter(([, value]) => value !== null && value !== '')
  const width = Math.max(...known.map(([name]) => name.length))
  return known.map(([name, value]) => `${name.padEnd(width)}  ${printableLine(String(value))}`)
}
