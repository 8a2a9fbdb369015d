/** Counts with what is counted, the same in every locale. */

/** A whole number, in groups of three digits. */
export const count = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',')

/** `1 cluster`, `2,400 clusters`. */
export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`

/** The verb behind them. */
export const isOrAre = (n: number): string => (n === 1 ? 'is' : 'are')
