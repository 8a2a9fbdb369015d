/** What went wrong, code by code, with what to do about it and what it cost. */
import type { moneyByCode } from '../../../db/queries/money-by-code.ts'
import type { ErrorCount } from '../../../db/queries/shard-errors.ts'
import { FAILURES, type FailureCode } from '../../../schemas/failure.ts'
import type { Errors } from '../../../schemas/page/spend.ts'
import { LANES } from '../../../schemas/states.ts'
import { economicsOf } from '../../control/status/economics.ts'
import { splitVisited, type Visited } from '../../control/status/visit-shards.ts'
import { pick } from './spend.ts'

export interface ErrorLook {
  readonly errors: readonly ErrorCount[]
  readonly money: ReturnType<typeof moneyByCode>
}

export function errorsView(visited: readonly Visited<ErrorLook>[]): Errors {
  const { values, unreadable } = splitVisited(visited)
  const rows = values.flatMap(({ errors }) => errors)
  const costs = new Map<string, { salvaged: number; microUsd: number }>(
    economicsOf(pick(visited, ({ money }) => money)).codes.map((cost) => [cost.code, cost]),
  )
  const codes = [...new Set(rows.map(({ code }) => code))].map((code) => {
    const own = rows.filter((row) => row.code === code)
    return {
      code,
      kind: isKnown(code) ? FAILURES[code].kind : 'unknown',
      hint: isKnown(code) ? FAILURES[code].hint : 'a code of another version of rff-shard',
      attempts: own.reduce((sum, { attempts }) => sum + attempts, 0),
      clusters: own.reduce((sum, { clusters }) => sum + clusters, 0),
      salvaged: costs.get(code)?.salvaged ?? 0,
      microUsd: costs.get(code)?.microUsd ?? 0,
      byLane: LANES.flatMap((lane) => {
        const attempts = own.filter((row) => row.lane === lane).reduce((sum, row) => sum + row.attempts, 0)
        return attempts === 0 ? [] : [{ lane, attempts }]
      }),
    }
  })
  return {
    codes: codes.sort((a, b) => b.attempts - a.attempts || (a.code < b.code ? -1 : 1)),
    unreadable: unreadable.map(({ shardNo }) => shardNo),
  }
}

export const isKnown = (code: string): code is FailureCode => Object.hasOwn(FAILURES, code)
