/** PassC as a model task: what is asked about a cluster, and how the answer is judged. */
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { answerSchemaOf } from '../../../schemas/answer-schema.ts'
import type { Cluster } from '../../../schemas/cluster.ts'
import type { AnswerSchema, Message } from '../../../schemas/prompt.ts'
import { type Structure, structureSchema } from '../../../schemas/structure.ts'
import type { ModelTask } from '../../../schemas/task.ts'
import { writeFactLines } from '../../language/fact-lines.ts'
import { promptV1 } from './prompt-v1.ts'
import { repairMessages } from './repair.ts'
import { salvage } from './salvage.ts'
import { validate } from './validate.ts'

export interface StructureTaskSettings {
  /** At least one. */
  readonly relationTypes: readonly string[]
  /** Stands in for the built-in prompt, whole; the facts are added behind it in any case. */
  readonly promptText?: string
}

/** Its runs are known by it in the control file, its attempts in the shards. */
export const STRUCTURE_TASK = 'structure'

/** Raise it when the same answer may be judged otherwise: validators, salvage, recovery. */
const VERSION = 1

export function structureTask({
  relationTypes,
  promptText,
}: StructureTaskSettings): ModelTask<Cluster, Structure> {
  const system = promptText ?? promptV1(relationTypes)
  const ask = (cluster: Cluster): readonly Message[] => [
    { role: 'system', content: system },
    { role: 'user', content: writeFactLines(cluster.members) },
  ]
  return {
    name: STRUCTURE_TASK,
    version: VERSION,
    answerSchema: answerSchemaFor(relationTypes),
    // Wider than what is asked for: an unknown relation type has a code of its own, and stays readable.
    parser: structureSchema,
    promptDigest: createHash('sha256').update(system).digest('hex'),
    ask,
    repair: (cluster, answerText, findings) => repairMessages(ask(cluster), answerText, findings),
    validate: (structure, cluster) => validate(structure, cluster, relationTypes),
    salvage: (structure, cluster) => salvage(structure, cluster, relationTypes),
  }
}

/** structureSchema with the configured relation types spelled out, so that a server can hold a model to them. */
function answerSchemaFor(relationTypes: readonly string[]): AnswerSchema {
  const rel_type = z.enum(relationTypes)
  const { relations, links } = structureSchema.shape
  return answerSchemaOf(
    STRUCTURE_TASK,
    structureSchema.extend({
      relations: z.array(relations.element.extend({ rel_type })),
      links: z.array(links.element.extend({ rel_type })),
    }),
  )
}
