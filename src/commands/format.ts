/** Numbers as people read them, the same in every locale. */

export function millis(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  return minutes < 60
    ? `${minutes} min ${Math.round((ms % 60_000) / 1_000)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** @param share 0 to 1 */
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

export const perCent = (part: number, whole: number): string => (whole === 0 ? '–' : percent(part / whole))

/** A little is not nothing: less than a hundredth of a cent is told to the last digit. */
export function dollars(microUsd: number): string {
  const decimals = microUsd >= 10_000 ? 2 : microUsd >= 100 || microUsd === 0 ? 4 : 6
  return `$${(microUsd / 1_000_000).toFixed(decimals)}`
}

export function bytes(n: number): string {
  if (n < 1_024) return `${n} B`
  const unit = Math.min(3, Math.floor(Math.log2(n) / 10))
  return `${(n / 1_024 ** unit).toFixed(1)} ${['B', 'KiB', 'MiB', 'GiB'][unit]}`
}
