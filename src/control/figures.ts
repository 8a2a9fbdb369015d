/** Sums of rows that have figures, over shards. */

type Row<Name extends string> = Readonly<Record<Name, number>>

export interface Figures<Name extends string> {
  /** The named figures of both; whatever else the first has stays. */
  add<Full extends Row<Name>>(a: Full, b: Row<Name>): Full
  /** The named figures and nothing else; zeros for no rows. */
  sum(rows: readonly Row<Name>[]): Row<Name>
}

/** @param names of the figures that add up; a number that names something is none of them */
export function figures<const Name extends string>(...names: readonly Name[]): Figures<Name> {
  const each = (of: (name: Name) => number) =>
    Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, number>
  return {
    add: (a, b) => ({ ...a, ...each((name) => a[name] + b[name]) }),
    sum: (rows) => each((name) => rows.reduce((total, row) => total + row[name], 0)),
  }
}
