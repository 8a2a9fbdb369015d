/** What was paid, in words and tables. */
import type { Economics } from '../control/status/economics.ts'
import type { Spend } from '../control/status/spend.ts'
import { count, plural } from '../language/counted.ts'
import type { ListedPrice } from '../llm/price-list.ts'
import { dollars, perCent } from './format.ts'
import { table } from './table.ts'

export function describeSpend({ rows, totals, embeddings, unreadable }: Spend): string {
  const lines = [
    table(COLUMNS, [
      ...rows.map((row) => [
        row.runTag ?? `run ${row.runId}`,
        row.lane,
        `${row.provider}/${row.model}`,
        row.serviceTier ?? '–',
        row.state,
        ...numbersOf(row),
      ]),
      ['all', '', '', '', '', ...numbersOf(totals)],
    ]),
  ]
  if (totals.unsettledMicroUsd > 0)
    lines.push(
      `${dollars(totals.unsettledMicroUsd)} of it is booked at worst case: nobody knows yet whether it was billed`,
    )
  if (embeddings.length > 0)
    lines.push('', 'vectors for search, beside the runs', embeddingsTable(embeddings))
  if (totals.unsettledMicroUsd > 0 || embeddings.some(({ state }) => state === 'unknown'))
    lines.push('next: rff-shard spend reconcile FILE')
  for (const { shardNo, code, message } of unreadable)
    lines.push(`shard ${shardNo} is missing in these sums: ${code}: ${message}`)
  return lines.join('\n')
}

const numbersOf = (row: Spend['totals'] | Spend['rows'][number]): string[] => [
  ...[row.attempts, row.reused, row.promptTokens, row.cachedTokens, row.answerTokens].map(count),
  dollars(row.microUsd),
]

const numbers = (...headings: string[]) => headings.map((heading) => ({ heading, isNumber: true }))

const COLUMNS = [
  ...['run', 'lane', 'model', 'tier', 'state'].map((heading) => ({ heading })),
  ...numbers('attempts', 'reused', 'prompt tok.', 'cached', 'answer tok.', 'spent'),
]

const embeddingsTable = (rows: Spend['embeddings']): string =>
  table(
    [
      ...['model', 'for', 'state'].map((heading) => ({ heading })),
      ...numbers('requests', 'texts', 'tokens', 'spent'),
    ],
    rows.map(({ provider, model, purpose, state, requests, texts, tokens, microUsd }) => [
      ...[`${provider}/${model}`, purpose, state],
      ...[requests, texts, tokens].map(count),
      dollars(microUsd),
    ]),
  )

/** Dollars per million tokens, as the price pages write them. */
export const pricesTable = (prices: readonly ListedPrice[]): string =>
  table(
    [
      { heading: 'model' },
      ...numbers('input', 'cached', 'cache write', 'output', 'batch %', 'flex %', 'priority %'),
      { heading: 'as of' },
      { heading: 'source' },
    ],
    prices.map((price) => [
      `${price.provider}/${price.model}`,
      ...[
        price.inputMicroUsdPerMillion,
        price.cachedInputMicroUsdPerMillion,
        price.cacheWriteMicroUsdPerMillion,
        price.outputMicroUsdPerMillion,
      ].map((microUsd) => String(microUsd / 1_000_000)),
      ...[price.batchPercent, price.flexPercent, price.priorityPercent].map(String),
      price.asOf,
      price.source,
    ]),
  )

export function describeEconomics({ codes, lanes, salvage, microUsd, unreadable }: Economics): string {
  const lines: string[] = []
  if (lanes.length === 0) lines.push('no model was asked')
  else
    lines.push(
      table(
        [
          { heading: 'lane' },
          ...numbers('calls', 'clusters', 'ok by it', 'share', 'tokens', 'spent', 'per ok'),
        ],
        lanes.map((row) => [
          row.lane,
          ...[row.calls, row.clusters, row.clustersOk].map(count),
          perCent(row.clustersOk, row.clusters),
          count(row.tokens),
          dollars(row.microUsd),
          row.clustersOk === 0 ? '–' : dollars(row.microUsd / row.clustersOk),
        ]),
      ),
    )
  if (codes.length > 0)
    lines.push(
      '',
      table(
        [{ heading: 'code' }, ...numbers('attempts', 'salvaged', 'tokens', 'spent', 'of all')],
        codes.map((row) => [
          row.code,
          ...[row.attempts, row.salvaged, row.tokens].map(count),
          dollars(row.microUsd),
          perCent(row.microUsd, microUsd),
        ]),
      ),
      'an attempt counts under each of its codes',
    )
  if (salvage.savedMicroUsd !== null && salvage.savedTokens !== null)
    lines.push(
      `salvage made ${plural(salvage.clusters, 'cluster')} good and saved about ${dollars(salvage.savedMicroUsd)} (${plural(salvage.savedTokens, 'token')}) of repair calls`,
    )
  else if (salvage.clusters > 0)
    lines.push(
      `salvage made ${plural(salvage.clusters, 'cluster')} good; no repair was paid for to compare with`,
    )
  for (const { shardNo, code, message } of unreadable)
    lines.push(`shard ${shardNo} is missing in these sums: ${code}: ${message}`)
  return lines.join('\n')
}
