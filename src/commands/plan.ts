import { RffError } from '../../schemas/failure.ts'
import { type PlanSummary, plan } from '../control/plan/plan.ts'
import { openWorkspace } from '../control/workspace.ts'
import type { CommandSpec } from './command.ts'
import { count, millis } from './format.ts'
import { decimalNumber, isSet, pairs, texts, wholeNumber } from './read-options.ts'

export const planCommand: CommandSpec = {
  name: 'plan',
  summary: 'take facts in and make clusters of them, ready to run',
  examples: [
    'plan facts.jsonl',
    'plan more.csv.gz --map text=statement',
    'plan facts.parquet --sample 20 --shards 4',
    'plan --expand-field 500',
  ],
  configure: (command) =>
    command
      .argument(
        '[files...]',
        'JSONL, CSV, Parquet (also gzipped), a SQLite table as FILE#TABLE, or - for standard input',
      )
      .option('--shards <n>', 'shard files, when the workspace is new')
      .option('--cover', 'each fact in exactly one cluster')
      .option('--every', 'each fact the seed of a cluster of its own')
      .option('--sample <n>', 'so many seeds per domain')
      .option('--scope <scope>', 'look for neighbours in the same domain, or in the whole corpus')
      .option(
        '--map <name=column...>',
        'column names of the input for fact_id, dup_group_id, domain, text, source',
      )
      .option('--domain <domain...>', 'take facts of these domains only')
      .option('--replace', 'facts that are not in these files are removed')
      .option('--frozen', 'refuse any change to a planned fact')
      .option('--expand-field <n>', 'make clusters from so many concepts of the current field')
      .option('--split <shard>', 'cut one shard in two')
      .option('--max-refused <share>', 'share of refused lines above which the plan stops')
      .option('--dry-run', 'say what would be planned, and plan nothing'),
  async run(files, options, context) {
    const sample = wholeNumber(options, 'sample', 1, 10_000_000)
    const expandFieldCount = wholeNumber(options, 'expandField', 1, 100_000_000)
    const mode =
      sample !== null
        ? 'sample'
        : isSet(options, 'every')
          ? 'every'
          : isSet(options, 'cover')
            ? 'cover'
            : undefined
    const config = context.loadConfig({
      plan: { maxRefusedShare: decimalNumber(options, 'maxRefused', 0, 1) ?? undefined },
      expand: { mode, samplePerDomain: sample ?? undefined, scope: options.scope },
    })
    if (files.length === 0 && expandFieldCount === null) {
      throw new RffError('usage', 'plan was given no files; name some, or - for standard input')
    }
    const workspace = openWorkspace(context.workspaceDir, 'create')
    try {
      const startedMs = context.nowMs()
      const summary = await plan(
        workspace,
        config,
        {
          inputs: files,
          map: pairs(options, 'map'),
          domains: texts(options, 'domain'),
          replace: isSet(options, 'replace'),
          frozen: isSet(options, 'frozen'),
          expandFieldCount,
          shardCount: wholeNumber(options, 'shards', 1, 8192),
          signal: context.signal,
        },
        startedMs,
      )
      if (context.wantsJson) context.print(JSON.stringify(summary))
      else context.say(describePlan(summary, context.nowMs() - startedMs))
      return 0
    } finally {
      workspace.close()
    }
  },
}

export function describePlan({ intake, expand, shards }: PlanSummary, tookMs: number): string {
  const lines = [`planned in ${millis(tookMs)}`]
  if (intake !== null) {
    lines.push(
      `  lines     ${count(intake.lines)}: ${count(intake.added)} added, ${count(intake.changed)} changed, ${count(intake.removed)} removed, ${count(intake.known)} known, ${count(intake.repeated)} repeated, ${count(intake.filtered)} filtered, ${count(intake.refused)} refused`,
    )
  }
  if (expand !== null) lines.push(`  clusters  ${JSON.stringify(expand)}`)
  lines.push(
    `  shards    ${count(shards.count)}: ${count(shards.written)} clusters written, ${count(shards.unchanged)} unchanged, ${count(shards.retired)} retired`,
  )
  return lines.join('\n')
}
