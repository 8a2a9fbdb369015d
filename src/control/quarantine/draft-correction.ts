/** What a person begins a correction with: the answer that failed where it can be read, else every fact kept, unnamed. */
import { type Structure, structureSchema } from '../../../schemas/structure.ts'
import { recoverJson } from '../../llm/recover/recover-json.ts'
import type { ShownCase } from './show-cases.ts'

export function draftCorrection({ answer, cluster }: Pick<ShownCase, 'answer' | 'cluster'>): Structure {
  const recovered = recoverJson(answer ?? '')
  const parsed = structureSchema.safeParse(recovered.ok ? recovered.value : undefined)
  if (parsed.success) return parsed.data
  return {
    concept: { name: '', gloss: '', aliases: [], canonical_i: 0 },
    members: cluster.members.map(({ i }) => ({ i, role: 'other' })),
    dropped: [],
    relations: [],
    links: [],
  }
}
