import { loadHashKey } from '../../shards/hash-key.ts'
import { readManifest } from '../control/merge/field-files.ts'
import { fieldNamed } from '../control/status/field-named.ts'
import { openWorkspace, type Workspace } from '../control/workspace.ts'
import { compareEvaluations } from '../field/eval/compare-evaluations.ts'
import { type EvalOptions, evaluateField } from '../field/eval/evaluate-field.ts'
import { readGold } from '../field/eval/read-gold.ts'
import { type Field, openField } from '../field/open-field.ts'
import type { CommandSpec } from './command.ts'
import { describeComparison, describeEvaluations } from './describe-evaluation.ts'
import { printJson } from './print-json.ts'
import { pairs, text, texts, wholeNumber } from './read-options.ts'

const SAMPLE_SIZE = 3

export const evalCommand: CommandSpec = {
  name: 'eval',
  summary: 'how much of what people said of the same facts a field says too, and what it merged wrongly',
  examples: [
    'eval --gold gold-relations.jsonl',
    'eval --gold relations.jsonl trees.jsonl --map opposite_of=contradicts',
    'eval --gold relations.jsonl --field 20260102_030405 --against 20260101_030405',
    'eval --samples 20 --json',
  ],
  configure: (command) =>
    command
      .option('--gold <file...>', 'JSONL of relations or trees; without it only look-alikes are counted')
      .option('--field <tag>', 'another field than the current one')
      .option('--against <tag>', 'a second field, its figures beside those of the first')
      .option('--map <relation=type...>', 'what a relation of the gold is called in the field')
      .option('--samples <n>', `cases shown of each kind; ${SAMPLE_SIZE} if not given`),
  async run(_args, options, context) {
    const gold = readGold(texts(options, 'gold'))
    const evalOptions: EvalOptions = {
      map: pairs(options, 'map'),
      relationTypes: context.loadConfig({}).structure.relationTypes,
      sampleSize: wholeNumber(options, 'samples', 0, 10_000) ?? SAMPLE_SIZE,
    }
    const otherTag = text(options, 'against')
    const tags = [text(options, 'field'), ...(otherTag === null ? [] : [otherTag])]
    const workspace = openWorkspace(context.workspaceDir, 'use')
    const open: Field[] = []
    try {
      const hashKey = await loadHashKey()
      const evaluated = tags.map((tag) => {
        const { field, ...stamp } = openNamed(workspace, tag)
        open.push(field)
        return { stamp, ...evaluateField(field, gold, evalOptions, hashKey) }
      })
      const fields = evaluated.map(({ stamp, evaluation }) => ({ ...stamp, ...evaluation }))
      const [here, there] = evaluated
      const comparison = there === undefined ? null : compareEvaluations(here!, there)
      if (context.wantsJson) printJson(context, 'eval', { fields, comparison })
      else {
        context.print(describeEvaluations(fields))
        if (comparison !== null) context.print(`\n${describeComparison(fields, comparison)}`)
      }
      return 0
    } finally {
      for (const field of open) field.close()
      workspace.close()
    }
  },
}

function openNamed(workspace: Workspace, tag: string | null) {
  const { fieldTag, files } = fieldNamed(workspace, tag)
  const { field_digest: fieldDigest, complete: isComplete, counts } = readManifest(files)
  return { fieldTag, fieldDigest, isComplete, counts, field: openField(files.database, workspace.corpusPath) }
}
