import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { planQueries } from '../../../db/queries/plans.ts'
import type { Config } from '../../../schemas/config.ts'
import { planVersions } from '../../pipeline.ts'
import type { Workspace } from '../workspace.ts'
import type { PlanOptions } from './plan-options.ts'

/**
 * The same inputs and settings again are the same plan, as long as it is unfinished.
 *
 * @returns its number
 */
export function beginOrResume(
  { control }: Workspace,
  config: Config,
  options: PlanOptions,
  nowMs: number,
): number {
  const plans = planQueries(control)
  const digest = digestOf(config, options)
  const isRepeatable = options.inputs.every(canBeReadAgain)
  const begin = control.transaction((): number => {
    const last = plans.last()
    const isUnfinished = last !== undefined && last.state !== 'done'
    if (isUnfinished && isRepeatable && last.digest === digest) return last.planNo
    return plans.begin({ digest, settings: JSON.stringify(config), nowMs })
  })
  return begin.immediate()
}

/** Standard input and pipes give something else each time, so they never go on with an earlier plan. */
const canBeReadAgain = (path: string): boolean =>
  path !== '-' && statSync(path.split('#')[0]!, { throwIfNoEntry: false })?.isFile() === true

function digestOf({ plan: planned, expand: expanded }: Config, options: PlanOptions): string {
  const { inputs, map, domains, replace, expandFieldCount, regroupsDropped } = options
  const seen = inputs.map((path) => {
    const stat = statSync(path.split('#')[0]!, { throwIfNoEntry: false })
    return [path, stat?.size ?? null, stat?.mtimeMs ?? null]
  })
  const text = JSON.stringify([
    planVersions(),
    seen,
    map,
    domains,
    replace,
    expandFieldCount,
    regroupsDropped,
    planned,
    expanded,
  ])
  return createHash('sha256').update(text).digest('hex')
}
