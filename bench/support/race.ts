/** Lets contenders take turns, so that what the machine does meanwhile falls on all of them alike. */
import type { Cell, Figures, Row, Spread } from './trial.ts'

export interface Contender {
  readonly name: string
  /** @param round from 0, for the seed or a folder name; what is left behind is the contender's affair */
  turn(round: number): Promise<Figures>
}

/** @returns a row for each contender, in their order, with the median and range of every figure */
export async function race(
  contenders: readonly Contender[],
  rounds: number,
  say: (line: string) => void,
): Promise<Row[]> {
  const goes = contenders.map((): Figures[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [at, { name, turn }] of contenders.entries()) {
      say(`round ${round + 1} of ${rounds}: ${name}`)
      goes[at]!.push(await turn(round))
    }
  }
  return contenders.map(({ name }, at) => ({ name, cells: spreadAll(goes[at]!) }))
}

function spreadAll(goes: readonly Figures[]): Record<string, Cell> {
  const names = [...new Set(goes.flatMap((figures) => Object.keys(figures)))]
  return Object.fromEntries(
    names.map((name) => [name, spreadOf(goes.flatMap((figures) => figures[name] ?? []))]),
  )
}

/** @returns null where no go had the figure */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  return { median, least: sorted[0]!, most: sorted.at(-1)!, rounds: sorted.length }
}

/** The figure of a row as one number: the median where there were several goes. */
export function medianOf(row: Row | undefined, column: string): number | null {
  const cell = row?.cells[column]
  if (cell === null || cell === undefined || typeof cell === 'string') return null
  return typeof cell === 'number' ? cell : cell.median
}

/** The medians of one column in two rows; a higher figure is that of the first. */
export function ratioOf(ours: Row | undefined, theirs: Row | undefined, column: string): number | null {
  const [a, b] = [medianOf(ours, column), medianOf(theirs, column)]
  return a === null || b === null || b === 0 ? null : a / b
}
