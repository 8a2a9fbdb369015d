/** Which column of an input holds which field of a fact. */
import { RffError } from '../../../schemas/failure.ts'

const FIELDS = ['fact_id', 'dup_group_id', 'domain', 'text', 'source', 'removed'] as const
type Field = (typeof FIELDS)[number]

export type ColumnMap = Readonly<Record<Field, string>>

const isField = (name: string): name is Field => (FIELDS as readonly string[]).includes(name)

/**
 * @param renamed field to column, as in `--map text=statement`; fields that it leaves out keep their own names
 * @throws RffError usage for a field that no fact has
 */
export function columnMapOf(renamed: Readonly<Record<string, string>>): ColumnMap {
  const map = Object.fromEntries(FIELDS.map((field) => [field, field])) as Record<Field, string>
  for (const [field, column] of Object.entries(renamed)) {
    if (!isField(field)) {
      throw new RffError('usage', `--map ${field}=${column}: a fact has the fields ${FIELDS.join(', ')}`)
    }
    map[field] = column
  }
  return map
}

export const columnsOf = (map: ColumnMap): string[] => [...new Set(Object.values(map))]
