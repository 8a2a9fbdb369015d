import type { Config } from '../../../schemas/config.ts'
import { type BareReference, readBareReference } from '../../llm/bare-reference.ts'
import type { RunSummary } from './run-summary.ts'

/** Models of the lanes whose provider was not named, each once. */
export function bareReferences({ models, providers }: Pick<Config, 'models' | 'providers'>): BareReference[] {
  const named = [models.primary, models.repair, models.expensive].filter((model) => model !== undefined)
  return [...new Set(named)].flatMap((reference) => readBareReference(reference, providers) ?? [])
}

/** Where a server is gone or has no such model, whoever left the provider out may have meant another one. */
export function tellBareReferences(config: Config, summary: RunSummary): RunSummary {
  const { stop } = summary
  if (stop?.code !== 'systemic_failure') return summary
  const message = [stop.message, ...bareReferences(config).map(({ told }) => told)].join('; ')
  return { ...summary, stop: { ...stop, message } }
}
