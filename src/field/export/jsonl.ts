/** JSONL: one object a line; concepts hold their aliases and members, edges their evidence. */
import type { ExportFormat } from './format.ts'

const LINES_PER_WRITE = 200

/** Each part with the word that its lines begin with where all parts share one stream. */
export const JSONL_PARTS = ['concepts', 'edges', 'fact_relations'] as const

export const jsonl: ExportFormat = {
  name: 'jsonl',
  isStream: true,
  write(rows, openPart) {
    const sources = [rows.concepts(), rows.edges(), rows.factRelations()]
    for (const [at, name] of JSONL_PARTS.entries()) {
      const part = openPart(`${name}.jsonl`)
      let lines: string[] = []
      const flush = (): void => {
        if (lines.length > 0) part.write(`${lines.join('\n')}\n`, lines.length)
        lines = []
      }
      for (const row of sources[at]!) {
        lines.push(JSON.stringify(row))
        if (lines.length === LINES_PER_WRITE) flush()
      }
      flush()
    }
  },
}
