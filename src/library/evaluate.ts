import { RffError } from '../../schemas/failure.ts'
import { loadHashKey } from '../../shards/hash-key.ts'
import { fieldNamed } from '../control/status/field-named.ts'
import { type Evaluation, evaluateField } from '../field/eval/evaluate-field.ts'
import { readGold } from '../field/eval/read-gold.ts'
import { openField } from '../field/open-field.ts'
import { inWorkspace, type Place } from './place.ts'

export interface EvaluateRequest extends Place {
  /** JSONL of relations or trees, as docs/evaluation.md has them; look-alikes alone are counted without. */
  readonly gold?: readonly string[]
  /** The published field if not given. */
  readonly fieldTag?: string
  /** What a relation of the gold is called in the field. */
  readonly map?: Readonly<Record<string, string>>
  /** Cases shown of each kind; 3 if not given. */
  readonly samples?: number
}

/** Measures a field against what people said of the same facts. */
export const evaluate = (request: EvaluateRequest): Promise<Evaluation> =>
  inWorkspace(request, 'use', async (workspace, config) => {
    const hashKey = await loadHashKey()
    if (request.signal?.aborted) throw new RffError('interrupted', 'stopped before the gold was read')
    const { files } = fieldNamed(workspace, request.fieldTag ?? null)
    const gold = readGold(request.gold ?? [])
    const field = openField(files.database, workspace.corpusPath)
    try {
      const options = {
        map: request.map ?? {},
        relationTypes: config.structure.relationTypes,
        sampleSize: request.samples ?? 3,
      }
      return evaluateField(field, gold, options, hashKey).evaluation
    } finally {
      field.close()
    }
  })
