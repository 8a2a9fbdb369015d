import { openDb } from '../../db/open.ts'
import { evaluating } from '../../db/queries/evaluating.ts'
import type { Config } from '../../schemas/config.ts'
import { RffError } from '../../schemas/failure.ts'
import { loadHashKey } from '../../shards/hash-key.ts'
import { readManifest } from '../control/merge/field-files.ts'
import { measureNeighbours, type NeighbourRecall } from '../control/neighbours/measure-neighbours.ts'
import { fieldNamed } from '../control/status/field-named.ts'
import { openWorkspace, type Workspace } from '../control/workspace.ts'
import { compareEvaluations } from '../field/eval/compare-evaluations.ts'
import { type EvalOptions, evaluateField } from '../field/eval/evaluate-field.ts'
import { type Gold, readGold } from '../field/eval/read-gold.ts'
import { resolveGold } from '../field/eval/resolve-gold.ts'
import { type Field, openField } from '../field/open-field.ts'
import type { CommandSpec } from './command.ts'
import { describeComparison, describeEvaluations, describeNeighbours } from './describe-evaluation.ts'
import { printJson } from './print-json.ts'
import { pairs, text, texts, wholeNumber } from './read-options.ts'

const SAMPLE_SIZE = 3
/** As many as a search can keep. */
const MOST_NEIGHBOURS = 64

export const evalCommand: CommandSpec = {
  name: 'eval',
  summary: 'how much of what people said of the same facts a field says too, and what it merged wrongly',
  examples: [
    'eval --gold gold-relations.jsonl',
    'eval --gold relations.jsonl trees.jsonl --map opposite_of=contradicts',
    'eval --gold relations.jsonl --field 20260102_030405 --against 20260101_030405',
    'eval --gold relations.jsonl --neighbours 12',
    'eval --samples 20 --json',
  ],
  configure: (command) =>
    command
      .option('--gold <file...>', 'JSONL of relations or trees; without it only look-alikes are counted')
      .option('--field <tag>', 'another field than the current one')
      .option('--against <tag>', 'a second field, its figures beside those of the first')
      .option('--map <relation=type...>', 'what a relation of the gold is called in the field')
      .option('--neighbours <k>', 'how often the k nearest facts of one end of a pair have the other')
      .option('--samples <n>', `cases shown of each kind; ${SAMPLE_SIZE} if not given`),
  async run(_args, options, context) {
    const gold = readGold(texts(options, 'gold'))
    const k = wholeNumber(options, 'neighbours', 1, MOST_NEIGHBOURS)
    if (k !== null && gold.relations.length === 0)
      throw new RffError('usage', '--neighbours asks after pairs, and there are none; name some with --gold')
    const config = context.loadConfig({})
    const evalOptions: EvalOptions = {
      map: pairs(options, 'map'),
      relationTypes: config.structure.relationTypes,
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
      const neighbours =
        k === null
          ? null
          : await neighboursOf(workspace, open[0]!, gold, { ...config.expand, k }, context.signal)
      if (context.wantsJson) printJson(context, 'eval', { fields, comparison, neighbours })
      else {
        context.print(describeEvaluations(fields))
        if (neighbours !== null) context.print(`\n${describeNeighbours(neighbours)}`)
        if (comparison !== null) context.print(`\n${describeComparison(fields, comparison)}`)
      }
      return 0
    } finally {
      for (const field of open) field.close()
      workspace.close()
    }
  },
}

/** They are a property of the plan: the same whatever field is measured. */
async function neighboursOf(
  workspace: Workspace,
  { db }: Field,
  gold: Gold,
  { k, scope, postingsCap }: Pick<Config['expand'], 'scope' | 'postingsCap'> & { readonly k: number },
  signal: AbortSignal,
): Promise<NeighbourRecall> {
  const { pairs } = resolveGold(gold, evaluating(db).speakerFor)
  const corpus = openDb(workspace.corpusPath, 'corpus', { mode: 'read' })
  try {
    return await measureNeighbours(corpus, pairs, { neighbourCount: k, scope, postingsCap, signal })
  } finally {
    corpus.close()
  }
}

function openNamed(workspace: Workspace, tag: string | null) {
  const { fieldTag, files } = fieldNamed(workspace, tag)
  const { field_digest: fieldDigest, complete: isComplete, counts } = readManifest(files)
  return { fieldTag, fieldDigest, isComplete, counts, field: openField(files.database, workspace.corpusPath) }
}
