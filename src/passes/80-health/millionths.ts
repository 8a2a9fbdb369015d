const MILLION = 1_000_000

/** @returns the share in millionths, rounded; null where the whole is nothing */
export const millionthsOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * MILLION)
