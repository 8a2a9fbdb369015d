/** Figures as people read them, the same in every locale. */
import { count } from '../../language/counted.ts'

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

const SHORT = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e4, 'k'],
] as const

/** Three digits and a letter: 1.50 M. */
export function short(n: number): string {
  for (const [size, letter] of SHORT)
    if (n >= size) return `${(n / (letter === 'k' ? 1e3 : size)).toPrecision(3)} ${letter}`
  return count(n)
}

export function dollars(microUsd: number): string {
  const usd = microUsd / 1e6
  if (microUsd === 0) return '$0'
  return `$${usd < 0.01 ? usd.toFixed(4) : usd < 1_000 ? usd.toFixed(2) : GROUPED.format(usd)}`
}

export const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

/** Never 100 % where something is left, never 0 % where something is done. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–'
  const tenths = (1_000 * part) / whole
  const rounded = part === whole ? 1_000 : Math.min(999, Math.max(part > 0 ? 1 : 0, Math.round(tenths)))
  return `${(rounded / 10).toFixed(1)} %`
}

export const millionths = (value: number | null): string =>
  value === null ? '–' : `${(value / 10_000).toFixed(1)} %`

export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} days`
}

export const rate = (perSecond: number): string =>
  perSecond >= 10
    ? `${count(perSecond)}/s`
    : perSecond >= 1
      ? `${perSecond.toFixed(1)}/s`
      : `${(perSecond * 60).toFixed(1)}/min`

export const moment = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** `part_of` as it is read: part of. */
export const spoken = (relType: string): string => relType.replaceAll('_', ' ')
