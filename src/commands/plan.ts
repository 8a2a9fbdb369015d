import type { Config } from '../../schemas/config.ts'
import { RffError } from '../../schemas/failure.ts'
import type { OutputOf } from '../../schemas/output/outputs.ts'
import { type DryRunSummary, dryRun } from '../control/plan/dry-run.ts'
import { type PlanSummary, plan } from '../control/plan/plan.ts'
import type { PlanOptions } from '../control/plan/plan-options.ts'
import { splitShard } from '../control/plan/split.ts'
import { type WrittenDomains, writeClustersByDomain } from '../control/review/write-clusters-by-domain.ts'
import { openWorkspace, type Workspace } from '../control/workspace.ts'
import { count, plural } from '../language/counted.ts'
import type { CommandContext, CommandOptions, CommandSpec } from './command.ts'
import { describeCost } from './describe-estimate.ts'
import { bytes, millis } from './format.ts'
import { printJson } from './print-json.ts'
import { decimalNumber, isSet, pairs, text, texts, wholeNumber } from './read-options.ts'
import { stepLine } from './step-line.ts'

export const planCommand: CommandSpec = {
  name: 'plan',
  summary: 'take facts in and make clusters of them, ready to run',
  examples: [
    'plan facts.jsonl',
    'plan more.csv.gz --map text=statement',
    'plan facts.parquet --sample 20 --shards 4',
    'plan --dropped',
    'plan --expand-field 500',
    'plan --split 3',
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
      .option('--clusters <dir>', 'write the clusters of each domain as JSONL into this folder')
      .option('--dropped', 'cover facts anew that no concept kept')
      .option('--expand-field <n>', 'make clusters from so many concepts of the current field')
      .option('--split <shard>', 'cut one shard in two')
      .option('--max-refused <share>', 'share of refused lines above which the plan stops')
      .option('--dry-run', 'say what would be planned, and plan nothing'),
  async run(files, options, context) {
    const config = configOf(options, context)
    const planned = planOptionsOf(files, options, context)
    const splitNo = wholeNumber(options, 'split', 0, 65_535)
    const hasWork = files.length > 0 || planned.expandFieldCount !== null || planned.regroupsDropped
    const clustersDir = text(options, 'clusters')
    if (!hasWork && splitNo === null && clustersDir === null) {
      throw new RffError('usage', 'plan was given no files; name some, or - for standard input')
    }
    const workspace = openWorkspace(context.workspaceDir, hasWork ? 'create' : 'use')
    try {
      const written = (dir: string): WrittenDomains => writeClustersByDomain(workspace, dir)
      const clusters = (): WrittenDomains | undefined =>
        clustersDir === null ? undefined : written(clustersDir)
      if (splitNo !== null) {
        const summary = splitShard(workspace, splitNo, context.nowMs())
        report(context, 'plan --split', { ...summary, clusters: clusters() }, describeSplit(summary))
      } else if (isSet(options, 'dryRun')) {
        const summary = await dryRun(workspace, config, planned)
        report(context, 'plan --dry-run', { ...summary, clusters: clusters() }, describeDryRun(summary))
      } else if (hasWork) {
        const { summary, tookMs } = await planInSight(workspace, config, planned, context)
        report(context, 'plan', { ...summary, clusters: clusters() }, describePlan(summary, tookMs))
      } else if (clustersDir !== null)
        report(context, 'plan --clusters', { clusters: written(clustersDir) }, null)
      return 0
    } finally {
      workspace.close()
    }
  },
}

async function planInSight(
  workspace: Workspace,
  config: Config,
  options: PlanOptions,
  context: CommandContext,
): Promise<{ summary: PlanSummary; tookMs: number }> {
  const startedMs = performance.now()
  const line = stepLine(context)
  const onProgress: PlanOptions['onProgress'] = (progress) => line.show(progress)
  const summary = await plan(workspace, config, { ...options, onProgress }, context.nowMs())
  line.end()
  return { summary, tookMs: performance.now() - startedMs }
}

/** One document for a program, whatever was done: two could not be told apart. */
function report<Name extends 'plan' | 'plan --split' | 'plan --dry-run' | 'plan --clusters'>(
  context: CommandContext,
  name: Name,
  done: OutputOf<Name>,
  told: string | null,
): void {
  if (context.wantsJson) {
    printJson(context, name, done)
    return
  }
  if (told !== null) context.say(told)
  if (done.clusters !== undefined) context.say(describeDomains(done.clusters))
}

function configOf(options: CommandOptions, context: CommandContext): Config {
  const sample = wholeNumber(options, 'sample', 1, 10_000_000)
  const mode =
    sample !== null
      ? 'sample'
      : isSet(options, 'every')
        ? 'every'
        : isSet(options, 'cover')
          ? 'cover'
          : undefined
  return context.loadConfig({
    plan: { maxRefusedShare: decimalNumber(options, 'maxRefused', 0, 1) ?? undefined },
    expand: { mode, samplePerDomain: sample ?? undefined, scope: options.scope },
  })
}

const planOptionsOf = (
  files: readonly string[],
  options: CommandOptions,
  context: CommandContext,
): PlanOptions => ({
  inputs: files,
  map: pairs(options, 'map'),
  domains: texts(options, 'domain'),
  replace: isSet(options, 'replace'),
  frozen: isSet(options, 'frozen'),
  regroupsDropped: isSet(options, 'dropped'),
  expandFieldCount: wholeNumber(options, 'expandField', 1, 100_000_000),
  shardCount: wholeNumber(options, 'shards', 1, 8192),
  signal: context.signal,
})

export function describePlan({ intake, released, expand, shards }: PlanSummary, tookMs: number): string {
  const lines = [`planned in ${millis(tookMs)}`]
  if (intake !== null) lines.push(describeIntake(intake))
  if (released > 0) lines.push(`  released  ${plural(released, 'fact')} that no concept had kept`)
  if (expand !== null) lines.push(describeExpand(expand))
  const { written, unchanged, retired } = shards
  lines.push(
    `  shards    ${count(shards.count)}: ${plural(written, 'cluster')} written, ${count(unchanged)} unchanged, ${count(retired)} retired`,
  )
  lines.push(`next: ${written + unchanged > 0 ? 'rff-shard run' : nextOfNothing(intake)}`)
  return lines.join('\n')
}

/** Nothing is planned, so a run would have nothing to do. */
function nextOfNothing(intake: PlanSummary['intake']): string {
  if (intake === null) return 'there is nothing to run; take facts in with rff-shard plan FILE'
  const { refused, filtered } = intake
  if (refused > 0)
    return 'no line is a fact; see why in the table refused of corpus.sqlite, or name your columns with --map text=COLUMN'
  return filtered > 0
    ? 'no line is of the domains that --domain names; plan again with others, or without it'
    : 'the input holds no facts; plan a file with lines such as {"text": "A quokka is a small wallaby."}'
}

function describeIntake(intake: NonNullable<PlanSummary['intake']>): string {
  const { lines, added, changed, removed, known, repeated, filtered, refused } = intake
  const parts = Object.entries({ added, changed, removed, known, repeated, filtered, refused })
    .filter(([name, n]) => n > 0 || name === 'added' || name === 'refused')
    .map(([name, n]) => `${count(n)} ${name}`)
  return `  lines     ${count(lines)}: ${parts.join(', ')}`
}

function describeExpand({
  factCount,
  clusterCount,
  loneCount,
  memberCount,
  contextCount,
  unselectedCount,
  bytes: memory,
}: NonNullable<PlanSummary['expand']>): string {
  const parts = [
    `${count(clusterCount)} (${count(loneCount)} of a lone fact)`,
    plural(memberCount, 'member'),
    ...(contextCount > 0 ? [`${count(contextCount)} context rows`] : []),
    ...(unselectedCount > 0 ? [`${plural(unselectedCount, 'fact')} not selected`] : []),
  ]
  return `  clusters  ${parts.join(', ')}, from ${plural(factCount, 'fact')} without their duplicates, ${bytes(memory.peak)} of memory`
}

function describeDryRun({ intake, expand, prompts, cost, corpusBytes, shardBytes }: DryRunSummary): string {
  return [
    'nothing was planned; this is what would be',
    ...(intake === null ? [] : [describeIntake(intake)]),
    describeExpand(expand),
    ...describeCost(prompts, cost),
    `  disk      ${bytes(corpusBytes)} corpus, about ${bytes(shardBytes)} shards before the run`,
  ].join('\n')
}

const describeDomains = ({ dir, domains, clusters }: WrittenDomains): string =>
  `${plural(clusters, 'cluster')} of ${plural(domains, 'domain')} written to ${dir}`

const describeSplit = ({ parentNo, children }: ReturnType<typeof splitShard>): string =>
  `shard ${parentNo} is now ${children.map(({ shardNo, clusters }) => `${shardNo} (${plural(clusters, 'cluster')})`).join(' and ')}`
