/** Whether a number of JSON can be held as a double without losing a digit of what was written. */

const DECIMAL = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/** @param value Number(source) */
export function keepsDecimal(source: string, value: number): boolean {
  if (!Number.isFinite(value)) return false
  const [written, kept] = [normalForm(source), normalForm(String(value))]
  return written !== undefined && written === kept
}

/** Digits without zeros at either end, and the power of ten of the last one. */
function normalForm(decimal: string): string | undefined {
  const found = DECIMAL.exec(decimal)
  if (found === null) return undefined
  const [, whole = '', fraction = '', exponent = '0'] = found
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = withoutTrailingZeros(digits)
  if (significant === '') return '0'
  const power = Number(exponent) - fraction.length + digits.length - significant.length
  return Number.isSafeInteger(power) ? `${significant}e${power}` : undefined
}

/** A loop, since /0+$/ takes quadratic time on digits that are mostly zeros. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length
  while (end > 0 && digits[end - 1] === '0') end -= 1
  return digits.slice(0, end)
}
