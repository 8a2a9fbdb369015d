/** Results as the README and people in terminals want them. */
import type { Machine } from './machine.ts'
import type { Cell, Row, TrialResult } from './trial.ts'

export function machineAsMarkdown(machine: Machine): string {
  const { system, processor, cores, memoryGb, loadBefore, versions } = machine
  const installed = Object.entries(versions).flatMap(([name, version]) =>
    version === null ? [] : `${name} ${version}`,
  )
  return `${cores} cores of ${processor}, ${memoryGb} GB, ${system}, load ${loadBefore} before; ${installed.join(', ')}`
}

export function trialAsMarkdown(
  { name, question }: { name: string; question: string },
  { rows, absentPeers, notes }: TrialResult,
): string {
  const absent = absentPeers.map((peer) => `${peer} is not installed here, so it has no row.`)
  const remarks = [...absent, ...notes].map((note) => `- ${note}`)
  return [`## ${name}`, question, tableOf(rows), remarks.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n')
}

function tableOf(rows: readonly Row[]): string {
  if (rows.length === 0) return ''
  const columns = [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))]
  const lines = rows.map(({ name, cells }) => [name, ...columns.map((column) => cellText(cells[column]))])
  return [['', ...columns], ['---', ...columns.map(() => '---:')], ...lines]
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n')
}

export function cellText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '–'
  if (typeof cell === 'string') return cell
  if (typeof cell === 'number') return numberText(cell)
  const { median, least, most, rounds } = cell
  const range = rounds > 1 ? ` (${numberText(least)}–${numberText(most)})` : ''
  return numberText(median) + range
}

/** Three figures that count, thousands parted. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size >= 1_000)
    return Math.round(value)
      .toString()
      .replace(/\B(?=(?:\d{3})+$)/gu, ',')
  if (size >= 100 || Number.isInteger(value)) return String(Math.round(value))
  return value.toFixed(size >= 10 ? 1 : 2)
}
