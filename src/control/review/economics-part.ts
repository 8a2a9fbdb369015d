/** The part of review.md about money. */
import type { LaneYield } from '../../../db/queries/money-by-code.ts'
import { plural } from '../../language/counted.ts'
import type { Economics } from '../status/economics.ts'

/**
 * Codes and numbers only, nothing from outside, so it needs no escaping.
 *
 * @returns paragraphs and tables, in order; none where no model was asked
 */
export function economicsPart({ codes, lanes, salvage, microUsd }: Economics): string[] {
  if (lanes.length === 0) return []
  const parts = ['## What it cost', tableOf(LANE_HEADS, lanes.map(laneRow)), salvageSentence(salvage)]
  if (codes.length === 0) return parts
  return [
    ...parts,
    `An attempt counts under each of its codes; ${dollarsOf(microUsd)} were spent in all.`,
    tableOf(
      ['code', 'attempts', 'of them salvaged', 'tokens', 'cost'],
      codes.map((row) => [
        `\`${row.code}\``,
        ...[row.attempts, row.salvaged, row.tokens].map(String),
        dollarsOf(row.microUsd),
      ]),
    ),
  ]
}

const LANE_HEADS = ['lane', 'calls', 'clusters', 'of them ok by it', 'cost', 'per cluster won']

const laneRow = ({ lane, calls, clusters, clustersOk, microUsd }: LaneYield): string[] => [
  lane,
  String(calls),
  String(clusters),
  `${clustersOk} (${clusters === 0 ? 0 : ((100 * clustersOk) / clusters).toFixed(1)} %)`,
  dollarsOf(microUsd),
  clustersOk === 0 ? 'none won' : dollarsOf(microUsd / clustersOk),
]

function salvageSentence({ clusters, savedMicroUsd, savedTokens }: Economics['salvage']): string {
  const made = `Salvage made ${plural(clusters, 'cluster')} good for nothing`
  if (savedMicroUsd === null) return `${made}; no repair was paid for, so nobody knows what that saved.`
  return `${made}, and saved about ${dollarsOf(savedMicroUsd)} (${plural(savedTokens ?? 0, 'token')}) of repair calls.`
}

const dollarsOf = (microUsd: number): string =>
  `$${(microUsd / 1_000_000).toFixed(microUsd < 10_000 ? 6 : 2)}`

const tableOf = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
