import type { Config } from '../../schemas/config.ts'
import { RffError } from '../../schemas/failure.ts'

const LANES = ['primary', 'repair', 'expensive'] as const

/**
 * A model may be named by a tier of the settings, so that a swap is one line: with `frontier = "openai/gpt-5"`, the
 * lane `expensive = "frontier"`, `--model frontier` and `embeddings.model` mean that one.
 *
 * @throws RffError config_invalid where tiers name each other in a circle
 */
export function resolveTiers(config: Config): Config {
  const { models, embeddings } = config
  const resolved = { ...models }
  for (const lane of LANES) if (models[lane] !== undefined) resolved[lane] = behind(models, models[lane])
  return {
    ...config,
    models: resolved,
    embeddings:
      embeddings.model === undefined
        ? embeddings
        : { ...embeddings, model: behind(models, embeddings.model) },
  }
}

function behind(models: Config['models'], named: string): string {
  const way = [named]
  for (;;) {
    const last = way.at(-1)!
    const next = Object.hasOwn(models, last) ? models[last] : undefined
    if (next === undefined) return last
    if (way.includes(next))
      throw new RffError('config_invalid', `models: ${[...way, next].join(' is ')}, which names no model`)
    way.push(next)
  }
}
