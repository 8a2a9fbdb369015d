/**
 * `plan --frozen`: the inputs are read once without writing, so that a change is found before anything is changed.
 */
import type { Db } from '../../../db/open.ts'
import { factQueries } from '../../../db/queries/facts.ts'
import { RffError } from '../../../schemas/failure.ts'
import { type AcceptRules, acceptRecord } from '../../passes/10-plan/accept-line.ts'
import { judgeArrival } from '../../passes/10-plan/judge-arrival.ts'
import type { RawRecord } from '../../passes/10-plan/raw-record.ts'

/**
 * @returns looks at a block of an input
 * @throws RffError plan_frozen with the place of the first record that changes or removes a planned fact
 */
export function frozenCheck(db: Db, rules: AcceptRules, domains: ReadonlySet<string> | null) {
  const facts = factQueries(db)
  return (path: string, records: readonly RawRecord[]): void => {
    for (const record of records) {
      const accepted = acceptRecord(record, rules)
      if (!accepted.ok) continue
      const arrival = accepted.value
      if (arrival.kind === 'fact' && domains?.has(arrival.fact.domain) === false) continue
      const factId = arrival.kind === 'fact' ? arrival.fact.factId : arrival.factId
      const judged = judgeArrival(facts.find(factId), arrival, false)
      if (!judged.ok || judged.value.touch === null) continue
      const deed = arrival.kind === 'fact' ? 'changes' : 'removes'
      throw new RffError(
        'plan_frozen',
        `${path}, line ${record.lineNumber} ${deed} the fact ${JSON.stringify(factId)}; nothing was written`,
      )
    }
  }
}
