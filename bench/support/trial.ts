/** What a trial is: one question, asked of us and of our peers in the same run on the same machine. */

/** Wall time, processor time and peak memory of one go, in the units of their names; other figures beside them. */
export type Figures = Readonly<Record<string, number | null>>

/** Several goes of one figure. */
export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
  readonly rounds: number
}

export type Cell = string | number | Spread | null

export interface Row {
  readonly name: string
  /** By column; a name that ends in its unit, in the order in which they are shown. */
  readonly cells: Readonly<Record<string, Cell>>
}

export interface TrialContext {
  /** Seconds instead of minutes: nothing is proven, but nothing rots. */
  readonly isSmall: boolean
  /** How long a trial goes on that asks for a rate over time; short if null. */
  readonly minutes: number | null
  /** How often each contender has its turn, 1 or more. */
  readonly rounds: number
  /** Largest corpus that is made, in facts. */
  readonly mostFacts: number
  /** Folder of public corpora with their gold; null: what the repository has. */
  readonly corporaFolder: string | null
  /** Empty at the start, gone after the trial. */
  readonly workFolder: string
  /** For people who wait. */
  say(line: string): void
}

export interface TrialResult {
  readonly rows: readonly Row[]
  /** Peers that are not installed here. */
  readonly absentPeers: readonly string[]
  /** What a reader must know to judge the rows: sizes, settings, what was left out. */
  readonly notes: readonly string[]
}

export interface Trial {
  readonly name: string
  readonly question: string
  /** Whom we are measured beside; empty where there is only the limit or nobody. */
  readonly peers: readonly string[]
  run(context: TrialContext): Promise<TrialResult>
}
