import { fileURLToPath } from 'node:url'
import { fieldLeaders } from '../../db/queries/field-leaders.ts'
import { currentFieldPath } from '../control/merge/current-field.ts'
import { mergeWorkspace } from '../control/merge/merge-workspace.ts'
import { plan } from '../control/plan/plan.ts'
import { run } from '../control/run/run.ts'
import { openWorkspace, type Workspace } from '../control/workspace.ts'
import { type ConceptDossier, describeConcept } from '../field/describe-concept.ts'
import { openField } from '../field/open-field.ts'
import { packageRoot } from '../package-root.ts'
import type { CommandContext, CommandSpec } from './command.ts'
import { describeConceptBriefly } from './describe-concept-briefly.ts'
import { describeMerge } from './merge.ts'
import { describePlan } from './plan.ts'
import { printJson } from './print-json.ts'
import { describeRun } from './run.ts'

const CONCEPTS_SHOWN = 3
const SHARDS = 4

export const demoCommand: CommandSpec = {
  name: 'demo',
  summary: 'a small real corpus, the built-in structurer, all the way to a field to look at',
  examples: ['demo', 'demo --workspace my-demo'],
  configure: (command) => command,
  async run(_args, _options, context) {
    const dir = context.isWorkspaceNamed ? context.workspaceDir : 'demo-rff'
    // Nothing costs anything here, so each fact gets a cluster of its own; a model would be asked by --cover.
    const config = context.loadConfig({ expand: { mode: 'every' }, models: { primary: 'rules' } })
    const workspace = openWorkspace(dir, 'create')
    try {
      const timed = stepTimer(context)
      const facts = fileURLToPath(new URL('demo/facts.jsonl', packageRoot))
      context.say(`Statements of physics and algebra, structured by the built-in rules, into ${dir}/\n`)
      const planned = await plan(workspace, config, planOptions(facts, context), context.nowMs())
      sayStep(context, describePlan(planned, timed()))
      const done = await run(workspace, config, runOptions(context), context.nowMs)
      sayStep(context, describeRun(done, timed()))
      const merged = await mergeWorkspace(workspace, config, mergeOptionsOf(context), context.nowMs)
      sayStep(context, describeMerge(merged, timed()))
      const leaders = leadingConcepts(workspace)
      if (context.wantsJson) {
        const conceptIds = leaders.map(({ conceptId }) => conceptId)
        printJson(context, 'demo', {
          workspace: dir,
          plan: planned,
          run: done,
          merge: merged,
          leaders: conceptIds,
        })
        return 0
      }
      context.print(leaders.map(describeConceptBriefly).join('\n'))
      context.say(howToLookFurther(dir))
      return 0
    } finally {
      workspace.close()
    }
  },
}

/** Without its last line, which tells what to do next: the demo does it. */
const sayStep = (context: CommandContext, text: string): void =>
  context.say(`${text.replace(/\nnext: .*$/u, '')}\n`)

/** @returns milliseconds since it was called last */
function stepTimer({ nowMs }: CommandContext): () => number {
  let lastMs = nowMs()
  return () => {
    const thenMs = lastMs
    lastMs = nowMs()
    return lastMs - thenMs
  }
}

const planOptions = (facts: string, { signal }: CommandContext) => ({
  inputs: [facts],
  map: {},
  domains: [],
  replace: false,
  frozen: false,
  regroupsDropped: false,
  expandFieldCount: null,
  shardCount: SHARDS,
  signal,
})

const runOptions = ({ env, signal }: CommandContext) => ({
  shardNos: null,
  limit: null,
  domain: null,
  isFresh: false,
  isNew: false,
  caps: { microUsd: null, tokens: null, calls: null },
  promptText: null,
  env,
  signal,
})

const mergeOptionsOf = ({ signal }: CommandContext) => ({ overrideGates: [], allowPartial: false, signal })

/** The concepts with most edges, as a person would want to see them first. */
function leadingConcepts(workspace: Workspace): ConceptDossier[] {
  const field = openField(currentFieldPath(workspace), workspace.corpusPath)
  try {
    return fieldLeaders(field.db, CONCEPTS_SHOWN).map((conceptId) => describeConcept(field, conceptId)!)
  } finally {
    field.close()
  }
}

const howToLookFurther = (dir: string): string =>
  [
    'Look further:',
    `  npx rff-shard -w ${dir} serve                      a page: the field as a graph to walk, search, money, quarantine`,
    `  npx rff-shard -w ${dir} search "WORDS"             concepts by words, with the fact that shows most of them`,
    `  npx rff-shard -w ${dir} status                     every shard, what it holds and what it cost`,
    `  npx rff-shard -w ${dir} inspect CONCEPT_ID         all that is known of one of the concepts above`,
    `  npx rff-shard -w ${dir} health                     what the gates made of the field`,
    `  npx rff-shard -w ${dir} export --format jsonl      the whole field, for programs`,
    `  sqlite3 ${dir}/shards/0000.sqlite "SELECT * FROM audit_conservation"`,
    'Your own facts:',
    '  npx rff-shard plan my-facts.jsonl --every && npx rff-shard run && npx rff-shard merge',
  ].join('\n')
